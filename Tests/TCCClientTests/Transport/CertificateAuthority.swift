import Foundation

/// A certificate authority for the length of a test, made by `openssl`.
struct CertificateAuthority {
    struct Failure: Error { var arguments: String }

    static let openssl = "/usr/bin/openssl"

    let directory: URL

    var certificate: URL { directory.appending(path: "ca.pem") }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "evohome-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let configuration = """
            [ca]
            default_ca = own
            [own]
            database = index.txt
            new_certs_dir = .
            serial = serial
            default_md = sha256
            policy = policy
            private_key = ca.key
            certificate = ca.pem
            unique_subject = no
            [policy]
            commonName = supplied
            """
        try write(configuration, to: "ca.cnf")
        try write("", to: "index.txt")
        try write("01\n", to: "serial")
        try run("req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=authority -keyout ca.key -out ca.pem")
    }

    func remove() {
        try? FileManager.default.removeItem(at: directory)
    }

    /// - Parameters:
    ///   - days: From today.
    /// - Returns: The name of the files, without `.pem` and `.key`.
    func issue(for host: String, days: Range<Int>) throws -> String {
        let name = UUID().uuidString
        try write("subjectAltName = DNS:\(host)\n", to: "\(name).cnf")
        try run("req -newkey rsa:2048 -nodes -subj /CN=\(host) -keyout \(name).key -out \(name).csr")
        try run(
            "ca -batch -notext -config ca.cnf -extfile \(name).cnf -startdate \(date(days.lowerBound)) "
                + "-enddate \(date(days.upperBound)) -in \(name).csr -out \(name).pem"
        )
        return name
    }

    /// A server that answers every request with a page.
    ///
    /// - Parameter name: From ``issue(for:days:)``.
    func serve(_ name: String, on port: Int) throws -> Process {
        let arguments = "s_server -www -quiet -accept \(port) -cert \(name).pem -key \(name).key"
        return try start(arguments)
    }

    private func date(_ days: Int) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyyMMddHHmmss'Z'"
        return formatter.string(from: Date(timeIntervalSinceNow: Double(days) * 86_400))
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: directory.appending(path: name))
    }

    private func start(_ arguments: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: Self.openssl)
        process.arguments = arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func run(_ arguments: String) throws {
        let process = try start(arguments)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(arguments: arguments) }
    }
}
