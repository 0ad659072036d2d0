import Glibc

/// Ends the loop's waiting from any thread; safe under any lock, since it only writes a byte to a pipe.
final class WakeUp: Sendable {
    /// Readable when there has been a signal.
    let descriptor: Int32
    private let writeEnd: Int32

    init() throws(MQTTError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw .unexpected("the MQTT client cannot open a pipe: \(SystemError.sentence(errno))")
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(descriptor)
        close(writeEnd)
    }

    /// A full pipe is no loss: the loop will wake all the same.
    func signal() { _ = write(writeEnd, [1 as UInt8], 1) }

    /// Forgets the signals so far; one that comes meanwhile may stay, and causes a turn for nothing.
    func drain() {
        withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { buffer in
            _ = read(descriptor, buffer.baseAddress, buffer.count)
        }
    }
}
