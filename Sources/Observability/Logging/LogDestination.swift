/// Where finished log lines go, each whole and with its line feed.
public struct LogDestination: Sendable {
    private let receive: @Sendable (_ line: [UInt8]) -> Void

    /// - Parameter receive: Takes one line, UTF-8. It is called from any thread, from several at a time.
    public init(_ receive: @escaping @Sendable (_ line: [UInt8]) -> Void) {
        self.receive = receive
    }

    func write(_ line: [UInt8]) {
        receive(line)
    }
}
