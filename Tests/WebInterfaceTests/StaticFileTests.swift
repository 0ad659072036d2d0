import Foundation
import HTTPTypes
import HummingbirdCore
import Testing

@testable import WebInterface

@Suite("The files of the page")
struct StaticFileTests {
    private let file = StaticFile("style.css", Array(String(repeating: "body { color: red }\n", count: 100).utf8))

    @Test("Every file in the folder is carried, and every one that is carried is in the folder")
    func folder() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/WebInterface/Page").standardizedFileURL
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        #expect(Set(PageFiles.all.map(\.name)) == Set(names))
        for name in names {
            let bytes = try Data(contentsOf: folder.appending(path: name))
            let response = try PageFiles().response(for: name, to: [:])
            #expect(response.body.contentLength == bytes.count, "\(name)")
            #expect(response.headers[.contentType] != "application/octet-stream", "\(name)")
        }
    }

    @Test(
        "It is compressed where the client takes it",
        arguments: [
            ("gzip", true), ("gzip, deflate, br", true), ("br;q=1.0, gzip;q=0.8", true), ("*", true), ("GZIP", true),
            ("", false), ("br", false), ("gzip;q=0", false), ("gzip; q=0.0", false), ("x-gzipped", false),
        ]
    )
    func compression(accepted: String, isCompressed: Bool) {
        let response = file.response(to: [.acceptEncoding: accepted])
        #expect((response.headers[.contentEncoding] == "gzip") == isCompressed)
        #expect((response.body.contentLength ?? 0) < (isCompressed ? 200 : 3_000))
        #expect(response.headers[.vary] == "Accept-Encoding")
    }

    @Test("What gets no smaller stays as it is")
    func incompressible() {
        let noise = StaticFile("noise.png", (0..<2_000).map { _ in UInt8.random(in: 0...255) })
        #expect(noise.response(to: [.acceptEncoding: "gzip"]).headers[.contentEncoding] == nil)
    }

    @Test("A client that has it already is told so, each form by its own tag")
    func tags() throws {
        let plain = try #require(file.response(to: [:]).headers[.eTag])
        let zipped = try #require(file.response(to: [.acceptEncoding: "gzip"]).headers[.eTag])
        #expect(plain != zipped)
        for known in [plain, "W/\(plain)", "\"x\", \(plain)", "*"] {
            let response = file.response(to: [.ifNoneMatch: known])
            #expect(response.status == .notModified)
            #expect(response.body.contentLength == 0)
            #expect(response.headers[.eTag] == plain)
        }
        #expect(file.response(to: [.ifNoneMatch: zipped]).status == .ok)
        #expect(file.response(to: [.ifNoneMatch: "\"x\""]).status == .ok)
        #expect(StaticFile("style.css", [1]).response(to: [:]).headers[.eTag] != plain)
    }

    @Test(
        "Browsers are told what it is",
        arguments: [
            ("a.html", "text/html; charset=utf-8"), ("a.js", "text/javascript; charset=utf-8"),
            ("a.b.svg", "image/svg+xml"), ("a.webmanifest", "application/manifest+json"),
            ("a", "application/octet-stream"),
        ]
    )
    func types(name: String, type: String) {
        #expect(StaticFile(name, []).response(to: [:]).headers[.contentType] == type)
    }
}
