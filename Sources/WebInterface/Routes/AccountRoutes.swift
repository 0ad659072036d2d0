import Basics
import BridgeCore
import Foundation
import HTTPTypes
import Hummingbird
import ServiceLifecycle

/// Requests to the bridge, the account, and the backup.
struct AccountRoutes: Sendable {
    private let bridge: any WebBridge

    init(bridge: any WebBridge) {
        self.bridge = bridge
    }

    /// - Parameter body: An object, or `null` for an empty body.
    func request(_ name: String, _ body: JSONValue) async throws(HTTPFailure) -> Response {
        let (answer, isStopping) = await cancelWhenGracefulShutdown {
            (await bridge.request(name, body), Task.isCancelled)
        }
        guard let answer else {
            if isStopping { throw .stopping }
            let known = BridgeRequest.names.joined(separator: ", ")
            throw .notFound("There is no request \"\(name.excerpt)\"; known requests: \(known).")
        }
        return Response(json: answer.json, answer.isError ? .unprocessableContent : .ok)
    }

    func account() -> Response { Response(json: bridge.account) }

    func signIn(_ body: JSONValue) async throws(HTTPFailure) -> Response {
        let members = try body.texts("username", "password")
        guard members.allSatisfy({ !$0.isEmpty }) else {
            throw HTTPFailure(.badRequest, "The user name or the password is empty.")
        }
        switch await bridge.signIn(username: members[0], password: Secret(members[1])) {
        case .signedIn(let found): return Response(json: found)
        case .refused(let sentence): throw HTTPFailure(.unauthorized, sentence)
        case .held(let sentence, let wait): throw HTTPFailure(.tooManyRequests, sentence, retryAfter: wait)
        case .failed(let sentence): throw HTTPFailure(.badGateway, sentence)
        }
    }

    func backup() async throws(HTTPFailure) -> Response {
        let (result, isStopping) = await cancelWhenGracefulShutdown { (await bridge.backup(), Task.isCancelled) }
        switch result {
        case .success(let backup):
            var response = Response(jsonText: backup.schedules.lines(toDepth: 4) + "\n")
            response.headers[.contentDisposition] = backup.disposition
            return response
        case .failure(let failure):
            throw isStopping ? .stopping : HTTPFailure(.badGateway, failure.sentence)
        }
    }
}

extension BridgeResponse {
    fileprivate var isError: Bool {
        if case .error = result { true } else { false }
    }
}

extension Backup {
    /// The header that names the file, once for old programs and once with the home's own letters (RFC 6266).
    var disposition: String {
        let slug = Slug(home)?.description ?? "home"
        let plain = slug.map { $0.isASCII ? $0 : "_" }
        let encoded = slug.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? "home"
        return "attachment; filename=\"evohome-\(String(plain))-\(day).json\";"
            + " filename*=UTF-8''evohome-\(encoded)-\(day).json"
    }

    private static let unreserved = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
    )
}

extension JSONValue {
    /// The values of members that are all texts, and all that there are.
    func texts(_ keys: String...) throws(HTTPFailure) -> [String] {
        guard case .object(let members) = self else {
            throw HTTPFailure(.badRequest, "The body is not a JSON object.")
        }
        if let unknown = members.first(where: { !keys.contains($0.key) }) {
            throw HTTPFailure(
                .badRequest,
                "The key \"\(unknown.key.excerpt)\" is not known; known keys: \(keys.joined(separator: ", "))."
            )
        }
        var texts: [String] = []
        for key in keys {
            guard case .string(let text)? = self[key] else {
                throw HTTPFailure(.badRequest, "The text \"\(key)\" is missing.")
            }
            texts.append(text)
        }
        return texts
    }
}
