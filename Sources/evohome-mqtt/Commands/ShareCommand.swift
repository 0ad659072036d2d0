import ArgumentParser
import CloudSharing
import Foundation
import Glibc
import SystemPackage

struct ShareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: "Prepares other programs to use the cloud through the bridge.",
        subcommands: [ShareCertificateCommand.self]
    )
}

struct ShareCertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Makes a certificate for share.listen, and the authority that other programs are told to trust.",
        discussion: """
            Writes ca.pem, ca.key, server.pem and server.key. If it is run again, it keeps the authority and renews the \
            server's certificate, so no other program has to be changed:
              evohome-mqtt share certificate /config/share --name nas.local --name 192.168.1.10
            """
    )

    @Argument(help: "The folder for the four files; it is made if it does not exist.", completion: .directory)
    var directory: String
    @Option(help: "A further host name or address of the bridge; can be repeated.")
    var name: [String] = []

    func run() async throws {
        try await reportingFailures {
            let folder = CertificateFolder(path: FilePath(directory))
            let authority = try folder.authority()
            let certificates: ShareCertificates
            do throws(ShareCertificates.Problem) {
                certificates = try ShareCertificates(for: name, signedBy: authority, at: Date())
            } catch {
                throw Failure(.badData, error.sentence)
            }
            try folder.write(certificates)
            print(Self.advice(folder.path, until: certificates.expires))
        }
    }

    private static func advice(_ folder: FilePath, until: Date) -> String {
        let day = until.formatted(.iso8601.year().month().day())
        let authority = folder.appending("ca.pem")
        return """
            The certificate in \(folder.appending("server.pem")) is valid until \(day). Run this command again before that.

            The bridge:
              share:
                cert_file: \(folder.appending("server.pem"))
                key_file: \(folder.appending("server.key"))

            Other programs have to trust \(authority). Never give ca.key to any of them.
              Python (Home Assistant, evohome-async, evohomeclient, Jeedom): append it to a copy of the system's
                certificates, and name that file in SSL_CERT_FILE and REQUESTS_CA_BUNDLE
              Node.js (homebridge, Node-RED): NODE_EXTRA_CA_CERTS=\(authority)
              Java (openHAB): keytool -importcert -noprompt -cacerts -storepass changeit -alias evohome-mqtt \\
                -file \(authority)
              Debian's own certificates (Domoticz): copy it to /usr/local/share/ca-certificates/evohome-mqtt.crt, and run
                update-ca-certificates
            """
    }
}

/// The files of the authority and of the server. Keys are for their owner only.
private struct CertificateFolder {
    let path: FilePath

    /// - Returns: `nil` if there is none yet.
    func authority() throws -> ShareCertificates.Pair? {
        guard let certificate = try read("ca.pem") else { return nil }
        guard let key = try read("ca.key") else {
            throw Failure(
                .missingFile,
                "\(path.appending("ca.key")) is missing. Put it back, or remove ca.pem to make another authority."
            )
        }
        return ShareCertificates.Pair(certificate: certificate, key: key)
    }

    private func read(_ name: String) throws -> String? {
        let file = path.appending(name)
        do {
            return try String(contentsOfFile: file.string, encoding: .utf8)
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return nil
        } catch {
            throw Failure(.badData, "\(file) cannot be read: \(error.localizedDescription)")
        }
    }

    func write(_ certificates: ShareCertificates) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path.string,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            // The key goes first: an authority without its key could sign nothing.
            try write(certificates.authority.key, to: "ca.key", .ownerReadWrite)
            try write(certificates.authority.certificate, to: "ca.pem", Self.open)
            try write(certificates.server.key, to: "server.key", .ownerReadWrite)
            try write(certificates.server.certificate, to: "server.pem", Self.open)
        } catch {
            throw Failure(.cannotWrite, "The certificates cannot be written to \(path): \(error.localizedDescription)")
        }
    }

    private static let open: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

    /// Replaces a file in one step, so that no reader sees half of it.
    private func write(_ text: String, to name: String, _ permissions: FilePermissions) throws {
        let temporary = path.appending(".\(name).new")
        let file = try FileDescriptor.open(
            temporary,
            .writeOnly,
            options: [.create, .truncate, .noFollow],
            permissions: permissions
        )
        try file.closeAfter {
            guard fchmod(file.rawValue, permissions.rawValue) == 0 else { throw Errno(rawValue: errno) }
            try file.writeAll(Array(text.utf8))
        }
        guard rename(temporary.string, path.appending(name).string) == 0 else { throw Errno(rawValue: errno) }
    }
}
