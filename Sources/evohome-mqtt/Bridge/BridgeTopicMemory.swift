import BridgeCore
import BridgeServices

/// What the state file knows of topics, for a bridge under one base topic at one broker.
struct BridgeTopicMemory: TopicMemory {
    let state: BridgeState
    let base: String
    /// Topics at another broker are nobody's concern here.
    let broker: String

    /// Base topics of other bridges at this broker that have left something.
    var otherBases: [String] {
        state.bridges.filter { $0.key != base && $0.value.inventory(at: broker) != nil }.keys.sorted()
    }

    func inventory() -> TopicInventory? { inventory(of: base) }

    func inventory(of base: String) -> TopicInventory? { state.bridges[base]?.inventory(at: broker) }

    func remember(_ inventory: TopicInventory) async {
        await state.updateBridge(under: base) { memory in
            memory.published = inventory
            memory.broker = broker
        }
    }

    func forget(_ base: String) async {
        await state.updateBridge(under: base) { $0.published = nil }
    }
}

extension BridgeDocument.BridgeMemory {
    fileprivate func inventory(at broker: String) -> TopicInventory? {
        self.broker == broker ? published : nil
    }
}
