import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Checks a configuration, or prints an example of one.",
        discussion: """
            Begin with an example, and check it whenever it has changed:
              evohome-mqtt config example > evohome-mqtt.yaml
              evohome-mqtt config check --config evohome-mqtt.yaml
            """,
        subcommands: [Check.self, Example.self]
    )

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the configuration in force and where each value comes from, or all that is wrong with it."
        )

        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                print(try options.load(offered: try await options.offer()).effective)
            }
        }
    }

    struct Example: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints a commented example.")

        func run() async throws {
            print(ExampleFile.text, terminator: "")
        }
    }
}
