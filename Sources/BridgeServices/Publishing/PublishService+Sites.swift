import Basics
import BridgeCore
import HeatingModel

extension PublishService {
    /// - Returns: How many messages the broker took.
    func publish(_ system: ControlSystemID, _ progress: inout Progress) async -> Int {
        guard let layout = homes.layout, let site = homes.site(of: system) else { return 0 }
        let messages = site.messages(in: layout, output: settings.output, at: clock.now)
        if await announceDevices(of: site, in: layout, &progress),
            progress.published.leavesTopics(in: .site(system), of: messages)
        {
            await waitForHomeAssistant()
        }
        progress.switchpoints[system] = site.nextSwitchpoint(after: clock.now)
        return await send(messages, as: .site(system), &progress)
    }

    func publishSchedules(of system: ControlSystemID, _ progress: inout Progress) async {
        guard settings.schedules, let layout = homes.layout, let site = homes.site(of: system) else { return }
        _ = await send(site.scheduleMessages(in: layout), as: .schedules(system), &progress)
    }

    func removeGoneSites(_ progress: inout Progress) async {
        let present = homes.systems.flatMap { [PublishedTopics.Group.site($0), .schedules($0), .devices($0)] }
        let gone = progress.published.groups(notIn: Set(present + [.bridge, .health, .statistics, .bridgeDevice]))
        let devices = gone.filter(\.isOfDevices)
        for group in devices { _ = await send([], as: group, &progress) }
        if !devices.isEmpty { await waitForHomeAssistant() }
        for group in gone where !group.isOfDevices { _ = await send([], as: group, &progress) }
    }
}
