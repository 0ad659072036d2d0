public import BridgeCore

/// What the bridge remembers over a restart of what it has left at its broker.
public protocol TopicMemory: Sendable {
    /// What this bridge has left; `nil` at a first start.
    func inventory() -> TopicInventory?

    func remember(_ inventory: TopicInventory) async

    /// What a bridge under another base topic has left at this broker; `nil` where there is none.
    func inventory(of base: String) -> TopicInventory?

    /// There is nothing left of that one.
    func forget(_ base: String) async
}
