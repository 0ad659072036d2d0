import SystemPackage

extension Settings {
    /// Settings that can be used, and where each of them came from.
    struct Loaded: Sendable {
        let settings: Settings
        let effective: EffectiveConfiguration
    }

    /// The file that is read where none is named and this one exists.
    static let standardFile: FilePath = "/config/evohome-mqtt.yaml"

    /// Reads the settings: flags over environment over file over default.
    ///
    /// - Parameters:
    ///   - configurationFile: The file that the command line names; else `EVOHOME_CONFIG` does, else it is
    ///     `/config/evohome-mqtt.yaml` where that exists.
    ///   - flags: The values that the command line gives.
    ///   - environment: All variables of the process.
    ///   - offered: The broker that Home Assistant's Supervisor offers, for what no other source says.
    ///   - files: The file system.
    /// - Returns: The settings and their sources.
    /// - Throws: Everything that is wrong, with the exit code for it.
    static func load(
        configurationFile: String? = nil,
        flags: [SettingKey: String] = [:],
        environment: [String: String],
        offered: [SettingKey: String] = [:],
        files: FileAccess = .system
    ) throws(SettingsError) -> Loaded {
        var problems = UnknownVariables.problems(in: environment)
        var layers = [SettingLayer.flags(flags), .environment(environment)]
        let named = configurationFile ?? environment["EVOHOME_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        switch readFile(named, files) {
        case .success(let file?):
            problems += file.problems
            layers.append(.file(file))
        case .success(nil): break
        case .failure(let error): problems += error.problems
        }
        layers.append(.supervisor(offered))

        var reader = SettingsReader(layers: layers, problems: problems)
        reader.applyRules()
        reader.readFiles(files)
        reader.chooseStateFile(environment: environment, files)
        guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        return Loaded(settings: try Settings(reader), effective: EffectiveConfiguration(reader))
    }

    private static func readFile(_ named: String?, _ files: FileAccess) -> Result<ConfigurationFile?, SettingsError> {
        let path = named.map { FilePath($0) } ?? standardFile
        switch files.contents(path) {
        case .success(let bytes):
            return .success(ConfigurationFile(bytes: bytes, path: path.string))
        case .failure(.missing) where named == nil:
            return .success(nil)
        case .failure(.missing):
            let sentence = "The configuration file \(path) does not exist: `config example` prints one to start from."
            return .failure(SettingsError(problems: [SettingsProblem(isMissingFile: true, sentence: sentence)]))
        case .failure(.unreadable(let reason)):
            let sentence = "The configuration file \(path) cannot be read: \(reason)."
            return .failure(SettingsError(problems: [SettingsProblem(sentence: sentence)]))
        }
    }
}
