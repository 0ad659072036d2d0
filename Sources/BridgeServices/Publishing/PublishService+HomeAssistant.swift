import Basics
import BridgeCore
import HeatingModel

extension PublishService {
    /// Tells Home Assistant of the bridge, which the devices of sites refer to.
    func announceBridge(_ progress: inout Progress) async {
        guard let discovery = settings.discovery, let account = homes.installation?.accountID else { return }
        _ = await send([discovery.message(forBridgeOf: account)], as: .bridgeDevice, &progress)
    }

    /// Tells Home Assistant of a site's devices before their state comes, so that it is listening then.
    ///
    /// - Returns: Whether there was something to tell.
    func announceDevices(of site: Site, in layout: TopicLayout, _ progress: inout Progress) async -> Bool {
        let system = site.system.id
        guard let discovery = settings.discovery, let account = homes.installation?.accountID,
            let devices = SiteDevices(site), progress.devices.updateValue(devices, forKey: system) != devices
        else { return false }
        let messages = discovery.messages(for: devices, of: account, in: layout)
        _ = await send(messages, as: .devices(system), &progress)
        return true
    }

    /// It takes its time over a document, and complains of a topic that is cleared while an entity still reads it.
    func waitForHomeAssistant() async {
        try? await clock.sleep(for: .seconds(1))
    }
}
