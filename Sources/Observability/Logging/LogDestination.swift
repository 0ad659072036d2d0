import Glibc
import Synchronization

/// Where finished log lines go, each whole and with its line feed.
public struct LogDestination: Sendable {
    private let receive: @Sendable (_ line: [UInt8]) -> Void

    /// - Parameter receive: Takes one line, in UTF-8. Called from any thread, and from several at once.
    public init(_ receive: @escaping @Sendable (_ line: [UInt8]) -> Void) {
        self.receive = receive
    }

    func write(_ line: [UInt8]) {
        receive(line)
    }
}

extension LogDestination {
    /// The standard error output.
    public static let standardError = fileDescriptor(STDERR_FILENO)

    /// An open file, pipe or terminal. A line is one `write(2)`, unless the system takes only a part of it.
    ///
    /// A line that cannot be written is lost: there is no better place to report it, and logging must not stop the
    /// program.
    ///
    /// - Parameter descriptor: Must stay open while lines are written; it is not closed here.
    /// - Returns: A destination that any number of loggers may share.
    public static func fileDescriptor(_ descriptor: CInt) -> LogDestination {
        // Held while writing, so that no line gets between the two parts of another.
        let turn = Mutex<Void>(())
        return LogDestination { line in
            turn.withLock { _ in writeWhole(line, to: descriptor) }
        }
    }
}

/// How long a line waits for a slow reader of a non-blocking descriptor before it is lost.
private let patienceMilliseconds: CInt = 1_000

private func writeWhole(_ line: [UInt8], to descriptor: CInt) {
    line.withUnsafeBytes { bytes in
        var written = 0
        while written < bytes.count {
            let count = write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            if count > 0 {
                written += count
            } else if count == 0 || (errno != EINTR && !waitForReader(of: descriptor, because: errno)) {
                return
            }
        }
    }
}

/// Waits until a non-blocking pipe has room again.
private func waitForReader(of descriptor: CInt, because failure: CInt) -> Bool {
    guard failure == EAGAIN else { return false }
    var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&wanted, 1, patienceMilliseconds) > 0
}
