import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("The command status", .timeLimit(.minutes(1)))
struct StatusTests {
    @Test("It makes one call for each location where the state file knows the homes, and fits 80 columns")
    func warm() async throws {
        try await World.exists({ $0.homes = [.builtIn("house"), .builtIn("villa")] }) { world in
            let login = try await world.command(["login"], password: "password")
            #expect(login.exitCode == 0)
            #expect(login.output.contains("Loft\u{FFFD}🔥"), "A name with a tab in it: \(login.output)")
            world.cloud.clearRequests()
            let ending = try await world.command(["status"])
            #expect(ending.exitCode == 0)
            #expect(world.cloud.requests().count == 2)
            #expect(world.readings() == 2)
            #expect(ending.log == "")
            let lines = ending.output.split(separator: "\n")
            for words in ["Home (auto)", "Kitchen +1", "書斎", "Hot water", "follow schedule", "Access token:"] {
                #expect(lines.contains { $0.contains(words) }, "\(words) is missing from:\n\(ending.output)")
            }
            #expect(lines.allSatisfy { $0.count <= 80 })
        }
    }

    @Test("An installation that the status contradicts is read again, once")
    func outdated() async throws {
        try await World.exists { world in
            #expect(try await world.command(["login"], password: "password").exitCode == 0)
            try world.cloud.renameZone("2100009", to: "Library")
            world.cloud.clearRequests()
            let ending = try await world.command(["status"])
            #expect(ending.exitCode == 0)
            #expect(ending.output.contains("Library") && !ending.output.contains("Study"), "\(ending.output)")
            #expect(world.readings() == 1)
            #expect(world.cloud.requests(.init(path: "installationInfo")).count == 1)
            world.cloud.clearRequests()
            _ = try await world.command(["status"])
            #expect(world.cloud.requests().count == 1)
        }
    }

    @Test("What was read is shown though the installation cannot be read again")
    func outdatedAndAway() async throws {
        try await World.exists { world in
            #expect(try await world.command(["login"], password: "password").exitCode == 0)
            try world.cloud.renameZone("2100009", to: "Library")
            world.cloud.inject(Fault(.respond(.html(503)), for: .init(path: "installationInfo"), times: nil))
            let ending = try await world.command(["status"])
            #expect(ending.exitCode == 0 && ending.output.contains("Kitchen"), "\(ending.log)")
        }
    }

    @Test("A location that the cloud does not know any more has the installation read again, once")
    func notFound() async throws {
        try await World.exists { world in
            #expect(try await world.command(["login"], password: "password").exitCode == 0)
            let unknown = CannedResponse(status: 404, body: #"[{"code":"LocationNotFound"}]"#)
            for command in [["status"], ["set", "zone", "kitchen", "21"]] {
                world.cloud.inject(Fault(.respond(unknown), for: .init(path: "/status")))
                world.cloud.clearRequests()
                let ending = try await world.command(command)
                #expect(ending.exitCode == 0, "\(ending.log)")
                #expect(world.cloud.requests(.init(path: "installationInfo")).count == 1)
            }
            // One that stays unknown is reported.
            world.cloud.inject(Fault(.respond(unknown), for: .init(path: "/status"), times: nil))
            let ending = try await world.command(["status"])
            #expect(ending.exitCode == 65 && ending.log.contains("404"), "\(ending.log)")
        }
    }

    @Test("A word in cloud.locations that fits no location is named, with what the account has")
    func unknownLocation() async throws {
        try await World.exists { world in
            let ending = try await world.command(["status", "--cloud-locations", "HOME,cottage"], password: "password")
            #expect(ending.exitCode == 0)
            #expect(ending.output.contains("no location matches \"cottage\"; the account has: Home"))
            #expect(ending.output.contains("Kitchen"))
        }
    }

    @Test("As JSON it holds every site with its zones, and the age of the tokens")
    func json() async throws {
        try await World.exists { world in
            let ending = try await world.command(["status", "--json"], password: "password")
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any]
            )
            let site = try #require((document["sites"] as? [[String: Any]])?.first)
            #expect((site["system"] as? [String: Any])?["mode"] as? String == "auto")
            #expect((site["hot_water"] as? [String: Any])?["state"] != nil)
            let zones = try #require(site["zones"] as? [[String: Any]])
            #expect(zones.map { $0["name"] as? String }.contains("Kitchen"))
            let members: Set = [
                "id", "name", "type", "model", "temperature", "available", "setpoint", "mode", "until", "min_setpoint",
                "max_setpoint", "setpoint_step", "faults", "schedule", "changed",
            ]
            #expect(zones.allSatisfy { Set($0.keys) == members })
            let tokens = try #require(document["tokens"] as? [String: [String: Any]])
            #expect((0...30).contains(try #require(tokens["access_token"]?["age_s"] as? Int)))
            #expect((1700...1800).contains(try #require(tokens["access_token"]?["valid_for_s"] as? Int)))
            #expect(tokens["refresh_token"]?["obtained"] is String)
            let refresh = try #require(try world.savedTokens()?.refresh)
            #expect(!ending.output.contains(refresh))
        }
    }

    @Test("One location that cannot be read hides no other, and is said at the end")
    func partly() async throws {
        try await World.exists({ $0.homes = [.builtIn("house"), .builtIn("villa")] }) { world in
            #expect(try await world.command(["status"], password: "password").exitCode == 0)
            world.cloud.inject(Fault(.respond(.html(503)), for: .init(path: "/location/2100001/"), times: nil))
            let ending = try await world.command(["status"])
            #expect(ending.exitCode == 69)
            #expect(ending.output.contains("Home could not be read."))
            #expect(ending.output.contains("Kitchen +1"))
        }
    }

    @Test("Faults are named below the zones")
    func faults() async throws {
        try await World.exists { world in
            try world.cloud.addFault("TempZoneSensorLowBattery", to: .zone("2100005"))
            let ending = try await world.command(["status"], password: "password")
            #expect(ending.output.contains("! Kitchen: temp zone sensor low battery"))
        }
    }

    @Test("Without tokens, password or cloud it says so, in one line")
    func refused() async throws {
        try await World.exists { world in
            #expect(try await world.command(["status"]).exitCode == 77)
            world.cloud.inject(Fault(.refuse, for: .any, times: nil))
            let ending = try await world.command(["status"], password: "password")
            #expect(ending.exitCode == 69)
            #expect(ending.output == "")
            #expect(ending.log.split(separator: "\n").count == 1, "\(ending.log)")
        }
    }
}
