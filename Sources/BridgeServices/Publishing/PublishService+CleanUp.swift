import BridgeCore
import HeatingModel
import Logging

extension PublishService {
    /// Clears what an earlier run has left and this one does not tell any more, and keeps what there is now.
    func clearLeftovers(_ progress: inout Progress) async {
        guard let layout = homes.layout, let installation = homes.installation else { return }
        let inventory = TopicInventory(
            installation,
            in: layout,
            features: settings.features,
            discovery: settings.discovery
        )
        guard inventory != progress.inventory else { return }
        let left = progress.inventory ?? memory.inventory()
        let gone = left?.topics(notIn: inventory).filter { !progress.published.looksAfter($0) } ?? []
        guard await clear(gone) else { return }
        progress.inventory = inventory
        await memory.remember(inventory)
    }

    /// Clears all that a bridge under another base topic has left, which has stopped and will not come back: a bridge that
    /// does tells everything again.
    ///
    /// - Parameter published: What this bridge tells: Home Assistant's documents of devices have the same topics.
    func clear(base: String, keeping published: PublishedTopics) async {
        guard let left = memory.inventory(of: base) else { return }
        logger.notice("Clearing what was published under another base topic", metadata: ["base": "\(base)"])
        if await clear(left.all.filter { !published.looksAfter($0) }) { await memory.forget(base) }
    }

    /// - Returns: Whether the broker has taken it.
    private func clear(_ topics: [String]) async -> Bool {
        guard !topics.isEmpty else { return true }
        let delivered = await broker.publish(topics.map { OutgoingMessage(topic: $0, payload: "", isRetained: true) })
        return delivered.allSatisfy(\.self)
    }
}
