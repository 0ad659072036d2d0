import ArgumentParser
import Testing

@testable import evohome_mqtt

@Suite("The flags of the settings")
struct SettingsOptionsTests {
    private struct Command: ParsableCommand {
        @OptionGroup var options: SettingsOptions
        @Flag var json = false
    }

    @Test("Every key has a flag that takes its value", arguments: SettingKey.allCases)
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

    @Test("The help has every flag, and completions have the words of a choice")
    func help() {
        let help = SettingsOptions.helpMessage(columns: 400)
        for key in SettingKey.allCases {
            #expect(help.contains("--\(key.flagName) "))
            #expect(help.contains(key.definition.documentation))
        }
        #expect(Command.completionScript(for: .bash).contains("attributes"))
    }
}
