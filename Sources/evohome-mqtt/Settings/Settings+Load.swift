import SystemPackage

extension Settings {
    /// Settings that can be used, and where each of them came from.
    struct Loaded: Sendable {
        let settings: Settings
        let effective: EffectiveConfiguration
    }

    /// The file that is read if none is named and this one exists.
    private static let standardFile = "/config/evohome-mqtt.yaml"

    /// Reads the settings: flags override the environment, which overrides the file, which overrides the defaults.
    ///
    /// - Parameters:
    ///   - configurationFile: The file that the command line names; if it names none, `EVOHOME_CONFIG` may, and then it is
    ///     `/config/evohome-mqtt.yaml` if that exists.
    ///   - flags: The values that the command line gives.
    ///   - environment: All variables of the process.
    ///   - offered: The broker that Home Assistant's Supervisor offers, for what no other source says.
    ///   - files: The file system.
    /// - Throws: Everything that is wrong, with the exit code for it.
    static func load(
        configurationFile: String? = nil,
        flags: [SettingKey: String] = [:],
        environment: [String: String],
        offered: [SettingKey: String] = [:],
        files: FileAccess = .system
    ) throws(SettingsError) -> Loaded {
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let file = readFile(configurationFile, environment: environment, home: home, files)
        var reader = SettingsReader(
            layers: [
                flags.given { .flag($0) }, variables(environment), file.values, offered.given { _ in .supervisor },
            ],
            home: home,
            problems: UnknownVariables.problems(in: environment) + file.problems
        )
        var settings = try Settings(&reader)
        settings.applyRules(&reader)
        settings.readFiles(&reader, files)
        settings.chooseStateFile(&reader, environment: environment, home: home, files)
        guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        return Loaded(settings: settings, effective: EffectiveConfiguration(rows: reader.rows))
    }

    /// The settings in the environment. An empty variable counts as unset, as where Compose fills in nothing.
    private static func variables(_ environment: [String: String]) -> [SettingKey: GivenValue] {
        var texts: [SettingKey: String] = [:]
        for key in Setting.all.map(\.key) {
            if let text = environment[key.environmentName], !text.isEmpty { texts[key] = text }
        }
        return texts.given { .environment($0) }
    }

    private static func readFile(
        _ flag: String?,
        environment: [String: String],
        home: String?,
        _ files: FileAccess
    ) -> (values: [SettingKey: GivenValue], problems: [SettingsProblem]) {
        let variable = environment["EVOHOME_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        if flag == nil, let variable, variable.isQuoted {
            return (
                [:], [SettingsProblem("EVOHOME_CONFIG is \(variable.printable), but must be given without quotes.")]
            )
        }
        let named = flag ?? variable
        guard let path = (named ?? standardFile).expandingHome(home) else {
            let sentence =
                "The configuration file \(named ?? "") cannot be found, since HOME is not set: write its full path."
            return ([:], [SettingsProblem(sentence)])
        }
        switch files.contents(FilePath(path)) {
        case .success(let bytes):
            let file = ConfigurationFile(bytes: bytes, path: path)
            return (file.values, file.problems)
        case .failure(.missing) where named == nil:
            return ([:], [])
        case .failure(.missing):
            let sentence = "The configuration file \(path) does not exist; `config example` prints one to start from."
            return ([:], [SettingsProblem(sentence, isMissingFile: true)])
        case .failure(.unreadable(let reason)):
            return ([:], [SettingsProblem("The configuration file \(path) cannot be read: \(reason).")])
        }
    }
}

extension [SettingKey: String] {
    fileprivate func given(_ source: (SettingKey) -> SettingSource) -> [SettingKey: GivenValue] {
        var values: [SettingKey: GivenValue] = [:]
        for (key, text) in self { values[key] = GivenValue(raw: .text(text), source: source(key)) }
        return values
    }
}

/// Variables of the environment that look like settings and are none.
private enum UnknownVariables {
    /// Read elsewhere: the name of the file above, the captured homes by the tests.
    private static let others: Set<String> = ["EVOHOME_CONFIG", "EVOHOME_FIXTURES"]

    /// - Returns: A problem for each variable that begins with `EVOHOME_` and sets nothing, in order of name.
    static func problems(in environment: [String: String]) -> [SettingsProblem] {
        let known = Setting.all.map(\.key.environmentName)
        return environment.keys.sorted()
            .filter { $0.hasPrefix("EVOHOME_") && !others.contains($0) && !known.contains($0) && !isServiceLink($0) }
            .map { name in
                let suggestion = NearestName.suggestion(for: name, among: known + others)
                let hint = suggestion.map { "; did you mean \($0)?" } ?? ": unset it."
                return SettingsProblem("The environment variable \(name.printable) is not a setting\(hint)")
            }
    }

    /// Kubernetes gives every container variables for each service of its namespace, and those of a service with this
    /// program's name begin with `EVOHOME_MQTT_` ("Discovering services" in the documentation of Kubernetes).
    private static func isServiceLink(_ name: String) -> Bool {
        name.contains(#/_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?$/#)
            || name.contains(#/_PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/#)
    }
}
