import BridgeCore
import HeatingModel
import Logging

extension PublishService {
    /// Finds what an earlier run has left and this one does not tell any more.
    func findLeftovers(_ progress: inout Progress) {
        guard let layout = homes.layout, let installation = homes.installation else { return }
        let inventory = TopicInventory(
            installation,
            in: layout,
            features: settings.features,
            discovery: settings.discovery
        )
        guard inventory != progress.inventory else { return }
        let left = (progress.inventory ?? memory.inventory())?.topics(notIn: inventory) ?? []
        // What this run has told it also clears.
        progress.leftovers = (progress.leftovers ?? []) + left.filter { !progress.published.looksAfter($0) }
        progress.inventory = inventory
    }

    /// Clears what was found, and keeps what there is now. It comes last, when Home Assistant has been told where
    /// everything is.
    func clearLeftovers(_ progress: inout Progress) async {
        guard let leftovers = progress.leftovers, let inventory = progress.inventory else { return }
        let gone = leftovers.filter { !progress.published.looksAfter($0) }
        guard await clear(gone, under: settings.bridge.base) else { return }
        progress.leftovers = nil
        await memory.remember(inventory)
    }

    /// Clears all that a bridge under another base topic has left, which has stopped and will not come back: a bridge that
    /// does tells everything again.
    ///
    /// - Parameter published: What this bridge tells: Home Assistant's documents of devices have the same topics.
    func clear(base: String, keeping published: PublishedTopics) async {
        guard let left = memory.inventory(of: base) else { return }
        logger.notice("Clearing what was published under another base topic", metadata: ["base": "\(base)"])
        let gone = left.all.filter { !published.looksAfter($0) }
        if await clear(gone, under: base) { await memory.forget(base) }
    }

    /// Clears documents, and some time later what they spoke of.
    ///
    /// - Returns: Whether the broker has taken it.
    private func clear(_ topics: [String], under base: String) async -> Bool {
        let states = topics.filter { $0.hasPrefix("\(base)/") }
        guard await clear(topics.filter { !$0.hasPrefix("\(base)/") }) else { return false }
        if !states.isEmpty { await waitForHomeAssistant() }
        return await clear(states)
    }

    private func clear(_ topics: [String]) async -> Bool {
        guard !topics.isEmpty else { return true }
        let delivered = await broker.publish(topics.map { Publication(topic: $0, payload: "", isRetained: true) })
        return delivered.allSatisfy(\.self)
    }
}
