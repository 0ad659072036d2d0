import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// A file that the program carries. Browsers keep it, and ask each time whether it is still the same.
final class StaticFile: Sendable {
    let name: String
    private let bytes: [UInt8]
    private let type: String
    private let tag: String
    /// Made when it is asked for first; `.some(nil)` if it would not be smaller.
    private let compressed = Mutex<[UInt8]??>(nil)

    init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        let ending = name.split(separator: ".").last.map(String.init) ?? ""
        type = Self.types[ending] ?? "application/octet-stream"
        tag = Self.tag(of: bytes)
    }

    func response(to headers: HTTPFields) -> Response {
        let zipped = headers.acceptsGzip ? gzipped : nil
        let tag = zipped == nil ? "\"\(tag)\"" : "\"\(tag)-gzip\""
        var response = Response(
            status: .ok,
            headers: [
                .contentType: type, .eTag: tag, .cacheControl: "no-cache", .vary: "Accept-Encoding",
            ]
        )
        if headers.hasTag(tag) {
            response.status = .notModified
            response.headers[.contentLength] = nil
            return response
        }
        if zipped != nil { response.headers[.contentEncoding] = "gzip" }
        response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: zipped ?? bytes))
        return response
    }

    private var gzipped: [UInt8]? {
        compressed.withLock { compressed in
            if let compressed { return compressed }
            let made = Gzip.compress(bytes).flatMap { $0.count < bytes.count ? $0 : nil }
            compressed = .some(made)
            return made
        }
    }

    private static let types = [
        "css": "text/css; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "ico": "image/x-icon",
        "js": "text/javascript; charset=utf-8",
        "json": "application/json",
        "png": "image/png",
        "svg": "image/svg+xml",
        "txt": "text/plain; charset=utf-8",
        "webmanifest": "application/manifest+json",
        "woff2": "font/woff2",
    ]

    /// A hash (FNV-1a), which need only tell one release of a file from the next.
    private static func tag(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36)
    }
}

extension HTTPFields {
    fileprivate var acceptsGzip: Bool {
        self[values: .acceptEncoding].flatMap { $0.split(separator: ",") }.contains { element in
            let parts = element.lowercased().split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            let isRefused = parts.dropFirst().contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) == 0 }
            return (parts.first == "gzip" || parts.first == "*") && !isRefused
        }
    }

    fileprivate func hasTag(_ tag: String) -> Bool {
        self[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }.contains { element in
            let known = element.filter { !$0.isWhitespace }
            return known == "*" || known == tag || known == "W/" + tag
        }
    }
}
