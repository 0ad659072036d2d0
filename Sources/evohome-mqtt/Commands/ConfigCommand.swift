import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Checks a configuration, or prints an example or the JSON schema.",
        discussion: """
            Start with the example, and check the file whenever you have changed it:
              evohome-mqtt config example > evohome-mqtt.yaml
              evohome-mqtt config check --config evohome-mqtt.yaml
            """,
        subcommands: [Check.self, Example.self, Schema.self]
    )

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Prints the configuration in force and where each value comes from, or everything wrong with it."
        )

        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                print(try options.load(offered: try await options.offer()).effective)
            }
        }
    }

    struct Example: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "example", abstract: "Prints a commented example.")

        func run() async throws {
            print(ExampleFile.text, terminator: "")
        }
    }

    struct Schema: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema",
            abstract: "Prints the JSON schema of the configuration file.",
            discussion: """
                An editor that knows the schema checks and completes the file:
                  evohome-mqtt config schema > evohome-mqtt.schema.json
                """
        )

        func run() async throws {
            print(SettingsSchema.text, terminator: "")
        }
    }
}
