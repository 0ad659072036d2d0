import Foundation
import HTTPTypes
import TCCClient

/// A cloud that answers with the files of a folder, byte for byte, however odd they are.
struct FolderCloud: HTTPTransport {
    let folder: URL

    func send(_ request: HTTPRequest, body: [UInt8]?, limit: Int) async throws(TransportFailure) -> HTTPAnswer {
        let levels = (request.path ?? "").prefix { $0 != "?" }.split(separator: "/").map(String.init)
        switch (levels.dropLast().last, levels.last) {
        case (_, "Token"): return answer(200, Data(#"{"access_token":"a","expires_in":1799}"#.utf8))
        case (_, "userAccount"): return file("user_account")
        case (_, "installationInfo"): return file("user_locations")
        case (let id?, "status"): return file("status_\(id)")
        case (let id?, "schedule"): return file("schedule_\(id)", otherwise: (400, "ScheduleNotFound"))
        default: return answer(404, Data())
        }
    }

    private func file(_ name: String, otherwise error: (status: Int, code: String) = (404, "NotFound")) -> HTTPAnswer {
        guard let content = try? Data(contentsOf: folder.appending(path: "\(name).json")) else {
            return answer(error.status, Data(#"[{"code":"\#(error.code)"}]"#.utf8))
        }
        return answer(200, content)
    }

    private func answer(_ status: Int, _ content: Data) -> HTTPAnswer {
        HTTPAnswer(status: status, body: Array(content))
    }
}
