public import ArgumentParser
import Basics
import Foundation
import HeatingModel
import Observability
import TCCClient

struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "Lends an access token, or moves tokens to and from other programs.",
        discussion: """
            A script that calls the cloud beside the bridge, with no login of its own:
              token=$(evohome-mqtt tokens lend | jq -r .access_token)
            Moving in from another program, which must not refresh any more:
              evohome-mqtt tokens import ~/.config/evohome/tokens.json
            """,
        subcommands: [Lend.self, Import.self, Export.self]
    )

    /// The machine's time zone, which other programs write times in.
    fileprivate static var zone: LocationTimeZone {
        LocationTimeZone(identifier: TimeZone.current.identifier)
            ?? LocationTimeZone(offsetMinutes: TimeZone.current.secondsFromGMT() / 60)
    }

    struct Lend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints an access token for another program, and never the refresh token.",
            discussion: """
                The other program uses the account at the same time, with no login of its own, until the token expires; \
                this one alone refreshes.
                """
        )

        @Option(help: "How it is written.") var format = TokenFormat.json
        @Option(help: "How long it must be valid at the least.") var validFor = "10m"
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            let life: Duration
            do {
                life = try Duration(parsing: validFor)
            } catch {
                throw ValidationError("--valid-for: \(error)")
            }
            try await reportingFailures {
                let settings = try options.load().settings
                let text = try await CloudAccount.with(settings, spareLife: life) { account in
                    let token = try await account.tokens.accessToken()
                    guard SystemClock().now + life <= token.expires else {
                        throw Failure(
                            .badData,
                            "The cloud's tokens are not valid for \(life.readable); ask for less with --valid-for."
                        )
                    }
                    return try format.text(
                        access: token,
                        refresh: nil,
                        username: account.state.account,
                        zone: TokensCommand.zone
                    )
                }
                print(text)
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes over tokens of evohomeclient2, evohome-async or Home Assistant's .storage/evohome.",
            discussion:
                "It is a move: the other program must not refresh any more, since each refresh spends the token."
        )

        @Argument(help: "The file that holds them.", completion: .file()) var file: String
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let settings = try options.load().settings
                let found = try choose(settings.account.username?.revealed)
                let username = settings.account.username?.revealed ?? found.username ?? ""
                let credentials = Credentials(username: username, password: Secret(""))
                try await CloudAccount.with(settings, credentials: credentials) { account in
                    try await account.state.importTokens(found)
                }
                print("Moved the tokens of \(username.isEmpty ? "the account" : username) to \(settings.state.file).")
                print("The program that they come from must not refresh any more: stop it, or remove its tokens.")
            }
        }

        private func choose(_ username: String?) throws -> ForeignTokens {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw Failure(.missingFile, "The file \(file) does not exist or cannot be read.")
            }
            let all: [ForeignTokens]
            do {
                all = try ForeignTokens.all(in: data, zone: TokensCommand.zone)
            } catch {
                throw Failure(.badData, "\(file): \(error)")
            }
            let mine = username.map { name in all.filter { $0.username == nil || $0.username == name } } ?? all
            guard mine.count == 1, let found = mine.first else {
                let names = all.compactMap(\.username).joined(separator: ", ")
                throw Failure(.badData, "\(file) holds tokens of \(names); choose one with --account-username.")
            }
            return found
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the tokens, the refresh token among them, and forgets them here.",
            discussion: "It is a move: whoever has the refresh token spends it with the first refresh."
        )

        @Option(help: "How they are written.") var format = TokenFormat.json
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let settings = try options.load().settings
                try await CloudAccount.with(settings) { account in
                    try await account.state.exportTokens { access, refresh in
                        let text = try format.text(
                            access: access,
                            refresh: refresh,
                            username: account.state.account,
                            zone: TokensCommand.zone
                        )
                        print(text)
                        fflush(nil)
                    }
                }
                StandardError.say(
                    "The tokens are no longer here: a bridge on this state file would have to log in again."
                )
            }
        }
    }
}

extension TokenFormat: ExpressibleByArgument {}
