import ArgumentParser
import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import TCCClient

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows zones, hot water, system mode, faults and the age of the tokens.",
        discussion:
            "Makes one call to the cloud for each location, and another if the installation is not known or has changed."
    )

    @Flag(help: "Print JSON, with the same state as on the topics.") var json = false
    @OptionGroup(title: "Settings") var options: SettingsOptions

    func run() async throws {
        try await reportingFailures {
            let failure = try await OneShotSession.with(try options.load().settings) { session in
                let failure = await session.readStatuses()
                // With nothing to show, the reason is all there is to say.
                if let failure, !session.sites.contains(where: { $0.status != nil }) { throw failure }
                print(text(session))
                return failure
            }
            if let failure { throw Failure(failure) }
        }
    }

    private func text(_ session: OneShotSession) -> String {
        let (now, ages) = (session.clock.now, session.account.tokens.ages)
        guard json else {
            let problem = session.store.problem.map { [$0, ""] } ?? []
            return (problem + session.sites.flatMap { lines(of: $0, at: now) } + ages.lines(at: now))
                .joined(separator: "\n")
        }
        let document: JSONValue = [
            "sites": .array(session.sites.map { $0.document(at: now) }), "tokens": ages.json(at: now),
            "problem": JSONValue(session.store.problem),
        ]
        return document.lines(toDepth: 4)
    }

    private func lines(of site: Site, at now: Instant) -> [String] {
        guard let table = SiteTable(site, at: now) else {
            return ["\(site.location.name.cut(to: 40)) could not be read.", ""]
        }
        return table.lines + table.faults + [""]
    }
}

extension TokenAges {
    fileprivate func lines(at now: Instant) -> [String] {
        let life = accessExpires.map { now.duration(to: $0) }
        let validity = life.map { $0 > .zero ? ", valid for \($0.readable)" : ", expired" } ?? ""
        return [
            "Access token:  \(Self.age(accessObtained, at: now))\(validity)",
            "Refresh token: \(Self.age(refreshObtained, at: now))",
        ]
    }

    fileprivate func json(at now: Instant) -> JSONValue {
        [
            "access_token": [
                "obtained": JSONValue(accessObtained), "age_s": Self.seconds(from: accessObtained, to: now),
                "expires": JSONValue(accessExpires), "valid_for_s": Self.seconds(from: now, to: accessExpires),
            ],
            "refresh_token": [
                "obtained": JSONValue(refreshObtained), "age_s": Self.seconds(from: refreshObtained, to: now),
            ],
        ]
    }

    private static func age(_ obtained: Instant?, at now: Instant) -> String {
        obtained.map { "\($0.duration(to: now).readable) old" } ?? "of unknown age"
    }

    private static func seconds(from start: Instant?, to end: Instant?) -> JSONValue {
        guard let start, let end else { return .null }
        return .integer(Int(start.duration(to: end).components.seconds))
    }
}
