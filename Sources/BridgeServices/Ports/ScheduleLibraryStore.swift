public import BridgeCore

/// Where schedules are kept under names. Other processes may use it at the same time.
public protocol ScheduleLibraryStore: Sendable {
    func read() async throws(StorageFailure) -> ScheduleLibrary

    /// Changes the library while nobody else does. What differs afterwards is on the disk when this returns.
    func update<Success: Sendable>(
        _ change: @escaping @Sendable (inout ScheduleLibrary) -> Success
    ) async throws(StorageFailure) -> Success
}

/// Why a file could not be read or written.
public struct StorageFailure: Error, Equatable, Sendable {
    /// For people.
    public var sentence: String
    /// Whether another process has it, so that it may work later.
    public var isInUse: Bool

    public init(sentence: String, isInUse: Bool) {
        self.sentence = sentence
        self.isInUse = isInUse
    }
}
