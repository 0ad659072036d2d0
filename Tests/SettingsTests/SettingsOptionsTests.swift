import ArgumentParser
import Testing

@testable import evohome_mqtt

@Suite("The flags of the settings")
struct SettingsOptionsTests {
    private struct Command: ParsableCommand {
        @OptionGroup var options: SettingsOptions
        @Flag var json = false
    }

    @Test("Every key has a flag that takes its value", arguments: SettingKey.all)
    func everyKey(key: SettingKey) throws {
        let command = try #require(try Command.parseAsRoot(["--json", "--\(key.flagName)", "a value"]) as? Command)
        #expect(command.options.flags == [key: "a value"])
        #expect(command.options.configurationFile == nil)
        #expect(command.json)
    }

    @Test("The file is named by its flag, and nothing is given by default")
    func file() throws {
        #expect(try SettingsOptions.parse(["--config=/a.yaml"]).configurationFile == "/a.yaml")
        #expect(try SettingsOptions.parse([]).flags.isEmpty)
    }

    @Test(
        "Unknown flags and flags without a value are refused",
        arguments: [["--mqtt-ur", "x"], ["--mqtt-url"], ["--config"]]
    )
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try SettingsOptions.parse(arguments) }
    }

    @Test("The help has a flag for every setting and for nothing else, with the words of the table, in its order")
    func help() {
        // A long option has its text on the line below.
        let help = SettingsOptions.helpMessage(columns: 400).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ").replacing(" -", with: "\n-").split(separator: "\n").map(String.init)
        let expected = Setting.all.map { setting in
            let value = setting.key.nameInSection.replacing("_", with: "-")
            let standard = setting.defaultText.map { " (default: \($0))" } ?? ""
            return "--\(setting.key.flagName) <\(value)> \(setting.help)\(standard)"
        }
        let flags = help.filter { $0.hasPrefix("--") && !$0.hasPrefix("--config ") }
        #expect(flags.filter { !$0.hasPrefix("--help ") } == expected)
    }

    @Test("Completions have the words of a choice, of every setting that has some")
    func completions() {
        let script = Command.completionScript(for: .bash)
        for word in Setting.all.flatMap(\.values.words) { #expect(script.contains(word)) }
    }
}
