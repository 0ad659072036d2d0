import ArgumentParser
import Foundation
import Testing

@testable import evohome_mqtt

@Suite("Options of commands")
struct CommandOptionsTests {
    @Test(
        "A value that is out of range is wrong usage, and the sentence names the option, the value and what is allowed",
        arguments: [
            (["simulate", "--speed", "0"], "--speed is 0.0, but must be more than 0 and at most 3600."),
            (["simulate", "--speed", "nan"], "--speed is nan, but must be"),
            (["simulate", "--locations=-1"], "--locations is -1, but must be at least 1."),
            (
                ["simulate", "--token-lifetime", "60"],
                "--token-lifetime: '60' has no unit; write 45s, 90m, 1h30m or 3d."
            ),
            (["simulate", "--token-lifetime", "0s"], "--token-lifetime: '0s' is"),
            (["simulate", "--listen", "foo"], "--listen is foo, but must be host:port such as 127.0.0.1:8480."),
            (["simulate", "--tls-cert", "c.pem"], "--tls-cert and --tls-key"),
            (["tokens", "lend", "--valid-for", "10"], "--valid-for: '10' has no unit; write 45s, 90m, 1h30m or 3d."),
            (["set", "zone", "kitchen", "21", "--for", "90"], "--for: '90' has no unit; write 45s, 90m, 1h30m or 3d."),
            (["set", "mode", "away", "--for", "3"], "--for: '3' has no unit"),
            (["set", "hot-water", "on", "--for", "0"], "--for: '0' has no unit"),
            (["set", "zone", "kitchen", "21", "--for", "1h", "--until", "next"], "either --for or --until"),
        ]
    )
    func outOfRange(arguments: [String], sentence: String) throws {
        let error = try #require(throws: (any Error).self) { try EvohomeMQTT.parseAsRoot(arguments) }
        #expect(EvohomeMQTT.exitCode(for: error) == ExitCode(64))
        #expect(EvohomeMQTT.message(for: error).contains(sentence), "\(EvohomeMQTT.message(for: error))")
    }

    @Test(
        "A duration with a unit is taken",
        arguments: [
            ["simulate", "--token-lifetime", "60s"], ["simulate", "--speed", "60"],
            ["set", "zone", "kitchen", "21", "--for", "PT90M"], ["set", "mode", "away", "--for", "3d"],
            ["set", "zone", "kitchen", "21", "--until", "18:00"],
        ]
    )
    func taken(arguments: [String]) {
        #expect(throws: Never.self) { try EvohomeMQTT.parseAsRoot(arguments) }
    }

    @Test("Every command says its name, so that no start has to make it of that of a type")
    func names() {
        func check(_ command: any ParsableCommand.Type) {
            #expect(command.configuration.commandName != nil, "\(command)")
            command.configuration.subcommands.forEach(check)
        }
        check(EvohomeMQTT.self)
    }

    @Test(
        "A command that is parsed alone is the same as among all others, and errors and help say the same",
        arguments: ["healthcheck", "simulate", "set", "help", "--help"],
        [
            [], ["--state-file", "x.json"], ["--speed", "2"], ["--speed", "0"], ["--help"], ["--help-hidden"],
            ["--version"],
            ["nonsense"], ["--nonsense"], ["--generate-completion-script", "bash"],
        ]
    )
    func alone(first: String, rest: [String]) {
        let arguments = [first] + rest
        let alone = whatIsSaid { try EvohomeMQTT.command(of: arguments) }
        let amongAll = whatIsSaid { try EvohomeMQTT.parseAsRoot(arguments) }
        #expect(alone == amongAll)
    }

    /// The command that it is, or the exit code and the text.
    private func whatIsSaid(_ parse: () throws -> any ParsableCommand) -> String {
        do {
            return "\(try parse())"
        } catch {
            return "\(EvohomeMQTT.exitCode(for: error).rawValue): \(EvohomeMQTT.fullMessage(for: error))"
        }
    }

    @Test("The byte order mark of a file that a command reads is skipped")
    func byteOrderMark() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "backup-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        for text in ["{}", "", "\u{FEFF}", "{\u{FEFF}}"] {
            try Data("\u{FEFF}\(text)".utf8).write(to: file)
            #expect(try InputFile.read(file.path()) == Data(text.utf8))
            try Data(text.utf8).write(to: file)
            #expect(try InputFile.read(file.path()) == Data((text.first == "\u{FEFF}" ? "" : text).utf8))
        }
        #expect(throws: Failure.self) { try InputFile.read(file.path() + "-none") }
    }
}
