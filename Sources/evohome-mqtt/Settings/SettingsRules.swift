import Basics
import Observability
import SystemPackage

/// What no setting can decide by itself: rules between settings, files that must exist, and where the state goes.
extension Settings {
    /// Checks settings against each other, and takes the credentials in the broker's address.
    mutating func applyRules(_ reader: inout SettingsReader) {
        reader.refuseBoth("account.password", "account.password_file")
        reader.refuseBoth("mqtt.password", "mqtt.password_file")
        reader.refuseBoth("http.password", "http.password_file")
        reader.refuseBoth("share.password", "share.password_file")
        reader.requireTogether("mqtt.cert_file", "mqtt.key_file")
        reader.requireTogether("share.cert_file", "share.key_file")
        checkBroker(&reader)
        checkPollInterval(&reader)
        checkComponentsPrefix(&reader)
        mqtt.username = mqtt.username ?? mqtt.url.username
        mqtt.password = mqtt.password ?? mqtt.url.password
    }

    /// Reads the passwords that are in files, and checks that the certificates are there.
    mutating func readFiles(_ reader: inout SettingsReader, _ files: FileAccess) {
        if let secret = reader.password(
            in: account.passwordFile,
            "account.password_file",
            for: "account.password",
            files
        ) {
            account.password = secret
        }
        if let secret = reader.password(in: mqtt.passwordFile, "mqtt.password_file", for: "mqtt.password", files) {
            mqtt.password = secret
        }
        if let secret = reader.password(in: http.passwordFile, "http.password_file", for: "http.password", files) {
            http.password = secret
        }
        if let secret = reader.password(in: share.passwordFile, "share.password_file", for: "share.password", files) {
            share.password = secret
        }
        checkShare(&reader)
        _ = reader.contents(of: share.certificateFile, for: "share.cert_file", files)
        _ = reader.contents(of: share.keyFile, for: "share.key_file", files)
        _ = reader.contents(of: cloud.caFile, for: "cloud.ca_file", files)
        _ = reader.contents(of: mqtt.caFile, for: "mqtt.ca_file", files)
        _ = reader.contents(of: mqtt.certificateFile, for: "mqtt.cert_file", files)
        _ = reader.contents(of: mqtt.keyFile, for: "mqtt.key_file", files)
    }

    /// Chooses the state file if none is given: on the container's volume, or where the user's programs keep state.
    mutating func chooseStateFile(
        _ reader: inout SettingsReader,
        environment: [String: String],
        home: String?,
        _ files: FileAccess
    ) {
        guard state.file.isEmpty, !reader.isRefused("state.file") else { return }
        if files.isWritableFolder("/data") {
            state.file = "/data/evohome-mqtt.json"
        } else if let folder = environment["XDG_STATE_HOME"], folder.hasPrefix("/") {
            state.file = FilePath(folder).appending("evohome-mqtt/state.json")
        } else if let home {
            state.file = FilePath(home).appending(".local/state/evohome-mqtt/state.json")
        } else {
            return reader.refuse("state.file must be set, since /data is not writable and HOME is not set.")
        }
        reader.show(state.file.string, for: "state.file")
    }

    private func checkBroker(_ reader: inout SettingsReader) {
        guard !reader.isRefused("mqtt.url") else { return }
        let address = reader.describe("mqtt.url")
        for (key, isInAddress, what) in [
            ("mqtt.username", mqtt.url.username != nil, "user name"),
            ("mqtt.password", mqtt.url.password != nil, "password"),
            ("mqtt.password_file", mqtt.url.password != nil, "password"),
        ] as [(SettingKey, Bool, String)]
        where isInAddress && reader.isGiven(key) {
            reader.refuse("\(reader.describe(key)) and \(address) both give a \(what): remove one of them.")
        }
        // MQTT 3.1.1 forbids a password without a user name (section 3.1.2.9), and brokers drop it.
        for key in ["mqtt.password", "mqtt.password_file"] as [SettingKey]
        where reader.isGiven(key) && mqtt.username == nil && mqtt.url.username == nil
            && !reader.isRefused("mqtt.username")
        {
            reader.refuse("\(reader.describe(key)) is set without mqtt.username: set both.")
        }
        // Somebody who names certificates expects TLS, and must not silently get a plain connection.
        for key in ["mqtt.ca_file", "mqtt.cert_file", "mqtt.key_file"] as [SettingKey]
        where reader.isGiven(key) && !mqtt.isTLS {
            reader.refuse("\(reader.describe(key)) is for TLS, but \(address) is not: write mqtts:// there.")
        }
    }

    private func checkPollInterval(_ reader: inout SettingsReader) {
        guard !reader.isRefused("cloud.url"), cloud.pollInterval < cloud.url.shortestPollInterval else { return }
        let given = reader.rows.first { $0.key == "cloud.poll_interval" }?.value ?? ""
        reader.refuse(
            "cloud.poll_interval is \(given) (from \(reader.source(of: "cloud.poll_interval"))), but must be 60s or more "
                + "with \(cloud.url.endpoint.host), which locks out clients that poll more often."
        )
    }
}

extension Settings {
    /// Home Assistant would show everything twice under its own prefix. Where documents and states are mixed, a reader takes
    /// the one for the other.
    private func checkComponentsPrefix(_ reader: inout SettingsReader) {
        let key: SettingKey = "discovery.components_prefix"
        guard let prefix = otherDiscovery.componentsPrefix, !reader.isRefused(key) else { return }
        for taken in ["home_assistant.discovery_prefix", "mqtt.base_topic"] as [SettingKey] {
            let topic = taken == "mqtt.base_topic" ? mqtt.baseTopic : homeAssistant.discoveryPrefix
            guard "\(topic)/".hasPrefix("\(prefix)/") || "\(prefix)/".hasPrefix("\(topic)/") else { continue }
            reader.refuse(
                "\(reader.describe(key)) is \(prefix), but must be apart from \(taken.name), which is \(topic): "
                    + "choose a prefix of its own, such as domoticz."
            )
        }
    }
}

extension Settings {
    /// Whoever can use the share controls the heating, so it is never open, and its password never goes over a network in
    /// the clear.
    private func checkShare(_ reader: inout SettingsReader) {
        guard let address = share.listen, !reader.isRefused("share.listen") else { return }
        let given = reader.describe("share.listen")
        if share.password == nil, !reader.isRefused("share.password"), !reader.isRefused("share.password_file") {
            reader.refuse("\(given) is set without share.password: set one that is not the account's own.")
        }
        if let password = share.password, password == account.password {
            reader.refuse("share.password is the account's own password: choose another one.")
        }
        if share.certificateFile == nil, !address.endpoint.isLoopback,
            !reader.isRefused("share.cert_file")
        {
            reader.refuse(
                "\(given) is not on loopback, so share.cert_file and share.key_file are needed: "
                    + "evohome-mqtt share certificate makes them."
            )
        }
    }
}

extension SettingsReader {
    fileprivate func describe(_ key: SettingKey) -> String { "\(key.name) (from \(source(of: key)))" }

    fileprivate mutating func refuseBoth(_ first: SettingKey, _ second: SettingKey) {
        guard isGiven(first), isGiven(second) else { return }
        refuse("\(describe(first)) and \(describe(second)) are both set: remove one of them.")
    }

    fileprivate mutating func requireTogether(_ first: SettingKey, _ second: SettingKey) {
        for (given, missing) in [(first, second), (second, first)]
        where isGiven(given) && !isGiven(missing) && !isRefused(missing) {
            refuse("\(describe(given)) is set without \(missing.name): set both.")
        }
    }

    /// - Returns: `nil` if there is no such file, or if it cannot be used; then that is said.
    fileprivate mutating func password(
        in path: FilePath?,
        _ file: SettingKey,
        for key: SettingKey,
        _ files: FileAccess
    ) -> Secret? {
        guard let bytes = contents(of: path, for: file, files) else { return nil }
        var text = String(validating: bytes.withoutByteOrderMark, as: UTF8.self) ?? ""
        // Editors and `echo` end a file with a line break; to Swift, both forms of it are one character.
        if text.last?.isNewline == true { text.removeLast() }
        guard let secret = try? SettingForm.secret.parse(.text(text)) else {
            refuse("\(describe(file)) must be a file that contains nothing but the password, on one line.")
            return nil
        }
        guard !isGiven(key) else { return nil }
        show("<secret>", for: key, from: source(of: file))
        return secret
    }

    fileprivate mutating func contents(of path: FilePath?, for key: SettingKey, _ files: FileAccess) -> [UInt8]? {
        guard let path else { return nil }
        switch files.contents(path) {
        case .success(let bytes): return bytes
        case .failure(.missing):
            refuse("\(describe(key)) is \(path), which does not exist.", isMissingFile: true)
        case .failure(.unreadable(let reason)):
            refuse("\(describe(key)) is \(path), which cannot be read: \(reason).")
        }
        return nil
    }
}
