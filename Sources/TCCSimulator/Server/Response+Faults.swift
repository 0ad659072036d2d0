import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

extension Response {
    init(_ canned: CannedResponse) {
        self.init(
            CloudResponse(
                status: canned.status,
                contentType: canned.contentType,
                body: Array(canned.body.utf8),
                headers: canned.headers
            ),
            spoiltBy: nil
        )
    }

    /// The cloud's answer, whole or as a fault leaves it.
    init(_ answer: CloudResponse, spoiltBy effect: Fault.Effect?) {
        var headers = HTTPFields()
        headers[.contentType] = answer.contentType
        if let name = CloudResponder.simulatorHeader { headers[name] = "evohome-mqtt" }
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        var body = ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        switch effect {
        case .truncate: body = ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body.prefix(answer.body.count / 2)))
        case .contentType(let type): headers[.contentType] = type
        case .cutBody: body = Self.cut(answer.body)
        case .endlessBody: body = Self.endless(answer.body)
        default: break
        }
        self.init(status: .init(code: answer.status), headers: headers, body: body)
    }

    /// Promises the whole and sends half; the error closes the connection.
    private static func cut(_ bytes: [UInt8]) -> ResponseBody {
        ResponseBody(contentLength: bytes.count) { writer in
            try await writer.write(ByteBuffer(bytes: bytes.prefix(bytes.count / 2)))
            throw CancellationError()
        }
    }

    private static func endless(_ bytes: [UInt8]) -> ResponseBody {
        ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: bytes))
            let space = ByteBuffer(repeating: UInt8(ascii: " "), count: 4_096)
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                try await writer.write(space)
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}
