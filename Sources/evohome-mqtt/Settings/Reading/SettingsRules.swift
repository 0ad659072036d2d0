import Observability
import SystemPackage

/// What no key can decide by itself: rules between keys, files that must exist, and where the state goes.
extension SettingsReader {
    /// Checks keys against each other.
    mutating func applyRules() {
        refuseBoth(.accountPassword, .accountPasswordFile)
        refuseBoth(.mqttPassword, .mqttPasswordFile)
        requireTogether(.mqttCertificateFile, .mqttKeyFile)
        checkBroker()
        checkPollInterval()
    }

    /// Reads the passwords that stand in files, and checks that the certificates are there.
    mutating func readFiles(_ files: FileAccess) {
        readPassword(.accountPasswordFile, into: .accountPassword, files)
        readPassword(.mqttPasswordFile, into: .mqttPassword, files)
        for key in [SettingKey.cloudCAFile, .mqttCAFile, .mqttCertificateFile, .mqttKeyFile] {
            if let path = value(key, as: FilePath.self) { _ = contents(of: path, for: key, files) }
        }
    }

    /// Chooses the state file where none is given: the container's volume, or else the place for state of the user.
    mutating func chooseStateFile(environment: [String: String], _ files: FileAccess) {
        guard !isGiven(.stateFile), !refused.contains(.stateFile) else { return }
        let path: FilePath
        if files.isWritableFolder("/data") {
            path = "/data/evohome-mqtt.json"
        } else if let folder = environment["XDG_STATE_HOME"], folder.hasPrefix("/") {
            path = FilePath(folder).appending("evohome-mqtt/state.json")
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            path = FilePath(home).appending(".local/state/evohome-mqtt/state.json")
        } else {
            return refuse("state.file must be given, since /data cannot be written and HOME is not set.")
        }
        set(.stateFile, to: path, display: path.string)
    }
}

extension SettingsReader {
    private mutating func refuseBoth(_ first: SettingKey, _ second: SettingKey) {
        guard isGiven(first), isGiven(second) else { return }
        refuse("\(describe(first)) and \(describe(second)) are both given: remove one of them.")
    }

    private mutating func requireTogether(_ first: SettingKey, _ second: SettingKey) {
        for (given, missing) in [(first, second), (second, first)]
        where isGiven(given) && !isGiven(missing) && !refused.contains(missing) {
            refuse("\(describe(given)) is given without \(missing.name): give both of them.")
        }
    }

    private mutating func checkBroker() {
        guard !refused.contains(.mqttURL), let broker = value(.mqttURL, as: BrokerURL.self) else { return }
        for (key, isInURL) in [
            (SettingKey.mqttUsername, broker.username != nil), (.mqttPassword, broker.password != nil),
        ]
        where isInURL && isGiven(key) {
            refuse("\(describe(key)) and \(describe(.mqttURL)) both hold a \(key.nameInSection): remove one of them.")
        }
        if broker.password != nil, isGiven(.mqttPasswordFile) {
            refuse("\(describe(.mqttPasswordFile)) and \(describe(.mqttURL)) both hold a password: remove one of them.")
        }
        // MQTT 3.1.1 forbids a password without a user name (section 3.1.2.9), and brokers drop it.
        for key in [SettingKey.mqttPassword, .mqttPasswordFile]
        where isGiven(key) && !isGiven(.mqttUsername) && broker.username == nil && !refused.contains(.mqttUsername) {
            refuse("\(describe(key)) is given without mqtt.username: give both of them.")
        }
        // Somebody who names certificates expects TLS, and must not get a plain connection without a word.
        for key in [SettingKey.mqttCAFile, .mqttCertificateFile, .mqttKeyFile]
        where isGiven(key) && broker.scheme == .mqtt {
            refuse("\(describe(key)) is for TLS, but \(describe(.mqttURL)) is plain: write mqtts:// there.")
        }
    }

    private mutating func checkPollInterval() {
        guard !refused.contains(.cloudURL), let cloud = value(.cloudURL, as: CloudURL.self),
            let interval = value(.cloudPollInterval, as: Duration.self), interval < cloud.shortestPollInterval
        else { return }
        let given = entries[.cloudPollInterval]?.display ?? ""
        refuse(
            "cloud.poll_interval is \(given) (from \(source(.cloudPollInterval))), but must be 60s or more against "
                + "\(cloud.endpoint.host), which locks out those who ask too often."
        )
    }

    private mutating func readPassword(_ file: SettingKey, into password: SettingKey, _ files: FileAccess) {
        guard let path = value(file, as: FilePath.self), let bytes = contents(of: path, for: file, files) else {
            return
        }
        var text = String(validating: bytes, as: UTF8.self) ?? ""
        // Editors and `echo` end a file with a line break; to Swift, both forms of it are one character.
        if text.last?.isNewline == true { text.removeLast() }
        guard let secret = try? password.definition.kind.parse(.text(text)) else {
            return refuse("\(describe(file)) must be a file with nothing but the password in it, on one line.")
        }
        guard !isGiven(password) else { return }
        set(password, to: secret, display: "<secret>", source: source(file))
    }

    private mutating func contents(of path: FilePath, for key: SettingKey, _ files: FileAccess) -> [UInt8]? {
        switch files.contents(path) {
        case .success(let bytes): return bytes
        case .failure(.missing):
            refuse("\(describe(key)) is \(path), which does not exist.", isMissingFile: true)
        case .failure(.unreadable(let reason)):
            refuse("\(describe(key)) is \(path), which cannot be read: \(reason).")
        }
        return nil
    }

    private func describe(_ key: SettingKey) -> String { "\(key.name) (from \(source(key)))" }

    private func source(_ key: SettingKey) -> SettingSource { entries[key]?.source ?? .standard }
}
