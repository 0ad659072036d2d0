import Basics
import BridgeCore
import Foundation
import HTTPTypes
import Testing

@testable import WebInterface

@Suite("Routes")
struct RouteTests {
    @Test(
        "A path leads to one route",
        arguments: [
            ("/", Route.page, ""), ("/app.js", .page, "app.js"), ("/../etc/passwd", .page, "../etc/passwd"),
            ("/apiary", .page, "apiary"), ("/health", .health, ""), ("/metrics", .metrics, ""),
            ("/api/openapi.json", .openAPI, ""), ("/api/topics", .topics, ""),
            ("/api/topics/home/zone/kitchen", .topic, "home/zone/kitchen"),
            ("/api/topics/home%2Fzone%2Fk%C3%BCche", .topic, "home/zone/küche"),
            ("/api/topics/home/zone/set", .topic, "home/zone/set"), ("/api/topics/{topic}", .topic, "{topic}"),
            ("/api/requests/health", .request, "health"), ("/api/events", .events, ""), ("/api/account", .account, ""),
            ("/api/session", .session, ""), ("/api/backup", .backup, ""),
        ]
    )
    func paths(path: String, route: Route, parameter: String) {
        let destination = Destination(path: path, method: .get)
        #expect(destination?.route == route)
        #expect(destination?.parameter == parameter)
    }

    @Test("A command is what is sent to a topic that ends with set")
    func commands() {
        let command = Destination(path: "/api/topics/home/zone/set/set", method: .post)
        #expect(command?.route == .command)
        #expect(command?.parameter == "home/zone/set/set")
        #expect(Destination(path: "/api/topics/home/zone/kitchen", method: .post)?.route == .topic)
    }

    @Test(
        "Nothing is anywhere else",
        arguments: ["/api", "/api/", "/api/x", "/api/topics/", "/api/requests/", "/api/topics/%ff", "", "x"]
    )
    func nowhere(path: String) {
        #expect(Destination(path: path, method: .get) == nil)
    }

    @Test("The OpenAPI document has every route with its methods, and no other")
    func document() throws {
        let document = try JSONValue(parsing: PackageResources.openapi_json)
        #expect(document["openapi"] == "3.1.0")
        guard case .object(let paths)? = document["paths"] else { throw CocoaError(.formatting) }
        let documented = Dictionary(uniqueKeysWithValues: paths.map { ($0.key, Set($0.value.keys)) })
        let routed = Dictionary(
            uniqueKeysWithValues: Route.allCases.map { route in
                (route.rawValue, Set(route.methods.filter { $0 != .head }.map { $0.rawValue.lowercased() }))
            }
        )
        #expect(documented == routed)
    }

    @Test("The OpenAPI document refers to nothing that it lacks, and describes every failure as an error")
    func references() throws {
        let document = try JSONValue(parsing: PackageResources.openapi_json)
        let references = document.references
        #expect(references.count > 20)
        for reference in references {
            var place = document
            for key in reference.dropFirst(2).split(separator: "/") { place = try #require(place[String(key)]) }
        }
    }

    @Test(
        "A backup is named after the home and the day, for old programs and for new ones",
        arguments: [
            (
                "Home",
                #"attachment; filename="evohome-home-2026-11-28.json"; filename*=UTF-8''evohome-home-2026-11-28.json"#
            ),
            (
                "Bürgli \"1\"\r\nX: y",
                #"attachment; filename="evohome-b_rgli__1__x__y-2026-11-28.json";"#
                    + " filename*=UTF-8''evohome-b%C3%BCrgli__1__x__y-2026-11-28.json"
            ),
        ]
    )
    func backupName(home: String, disposition: String) throws {
        let day = try #require(CivilDate("2026-11-28"))
        let header = Backup(schedules: [:], home: home, day: day).disposition
        #expect(header == disposition)
    }
}

extension JSONValue {
    fileprivate var keys: [String] {
        if case .object(let members) = self { members.map(\.key) } else { [] }
    }

    fileprivate var references: [String] {
        switch self {
        case .object(let members):
            members.flatMap { member in
                if member.key == "$ref", case .string(let text) = member.value { return [text] }
                return member.value.references
            }
        case .array(let elements): elements.flatMap(\.references)
        default: []
        }
    }
}
