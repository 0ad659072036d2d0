import Basics
import HTTPTypes
import Hummingbird

/// The page and what it is made of. Nothing else is served from the disk, and these are not on it.
struct PageFiles: Sendable {
    /// The folder `Page`, all of which is embedded; a test holds this list equal to it.
    static let all: [StaticFile] = [
        StaticFile("index.html", PackageResources.index_html)
    ]

    private let files = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// - Parameter name: Empty for the page itself.
    func response(for name: String, to headers: HTTPFields) throws(HTTPFailure) -> Response {
        guard let file = files[name.isEmpty ? "index.html" : name] else {
            throw .notFound("There is nothing at /\(name.excerpt).")
        }
        return file.response(to: headers)
    }
}
