public import Hummingbird
public import NIOCore

/// Why there is no whole body.
public enum BodyProblem: Error {
    case tooLarge
    case endedEarly
}

extension Request {
    /// The whole body, within a bound of size and of time.
    ///
    /// - Parameters:
    ///   - limit: In bytes.
    ///   - channel: The request's connection. It is closed if the body takes longer than half a minute.
    public func wholeBody(upTo limit: Int, on channel: any Channel) async throws(BodyProblem) -> [UInt8] {
        let deadline = channel.eventLoop.scheduleTask(in: .seconds(30)) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        do {
            let announced = headers[.contentLength].flatMap { Int($0) } ?? 0
            guard announced <= limit else { throw NIOTooManyBytesError(maxBytes: limit) }
            return Array(buffer: try await body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            // What follows is read and dropped for a moment, so that the client sees the answer.
            channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
            throw .tooLarge
        } catch {
            throw .endedEarly
        }
    }
}
