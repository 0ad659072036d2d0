import ArgumentParser
import Basics
import BridgeServices
import HeatingModel
import Observability
import TCCClient

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Logs in once and saves the tokens, so that the bridge needs no password.",
        discussion: "Asks for the user name and the password unless they are set. The password is not shown."
    )

    @OptionGroup(title: "Settings") var options: SettingsOptions

    func run() async throws {
        try await reportingFailures {
            let settings = try options.load().settings
            let credentials = try credentials(settings)
            let installation = try await CloudAccount.with(settings, credentials: credentials) { account in
                try await account.tokens.logIn()
                let installation = try await account.client.installation(of: nil)
                await account.state.remember(
                    RememberedInstallation(installation: installation, read: SystemClock().now)
                )
                return installation
            }
            print("Logged in and saved the tokens in \(settings.state.file).")
            for location in installation.locations {
                let zones = location.systems.flatMap(\.zones).filter { !$0.isGhost(with: nil) }.map(\.name.printable)
                print("  \(location.name.printable): \(zones.isEmpty ? "no zones" : zones.joined(separator: ", "))")
            }
        }
    }

    private func credentials(_ settings: Settings) throws -> Credentials {
        guard let username = settings.account.username?.revealed ?? Prompt.ask("User name: ") else {
            throw SettingsError(missing: "account.username", to: "log in")
        }
        guard let password = settings.account.password ?? Prompt.askHidden("Password: ").map({ Secret($0) }) else {
            throw SettingsError(missing: "account.password", to: "log in")
        }
        return Credentials(username: username, password: password)
    }
}
