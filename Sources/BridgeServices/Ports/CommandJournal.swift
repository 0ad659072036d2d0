public import BridgeCore

/// Where accepted messages stand until the broker has their outcome; it outlives the process.
public protocol CommandJournal: Sendable {
    /// What an earlier run has left, in order of arrival. Asked for once.
    func takeLeftovers() async -> [Journal.Entry]

    /// Keeps a message that did not come from the broker, from which the client itself keeps what arrives.
    ///
    /// - Returns: The entry; `nil` if it is not kept over a restart.
    func keep(_ message: IncomingMessage) async -> Int?

    /// Writes a record; when it returns, a kill of the process loses it no more. A failure is reported by the
    /// implementation; the bridge goes on.
    func write(_ record: JournalRecord) async
}

/// For commands that end with the process.
public struct NoJournal: CommandJournal {
    public init() {}

    public func takeLeftovers() async -> [Journal.Entry] { [] }
    public func keep(_ message: IncomingMessage) async -> Int? { nil }
    public func write(_ record: JournalRecord) async {}
}
