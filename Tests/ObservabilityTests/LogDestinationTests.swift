import FoundationEssentials
import Glibc
import Logging
import Testing

@testable import Observability

@Suite("Where log lines go", .timeLimit(.minutes(1)))
struct LogDestinationTests {
    @Test("Lines of many tasks arrive whole", arguments: LogFormat.allCases)
    func manyTasks(format: LogFormat) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID().uuidString)").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer {
            close(descriptor)
            unlink(path)
        }
        let logger = logger(format, descriptor)
        await logFromEightTasks(logger, lines: 125, padding: 300)
        expectAll(lines: 125, in: try Data(contentsOf: URL(filePath: path)), format)
    }

    @Test("Lines arrive whole when the reader is slow and the pipe is non-blocking")
    func slowReader() async throws {
        var ends: [CInt] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        // The smallest pipe there is, so that the kernel takes only parts of lines.
        _ = fcntl(writing, setPipeSize, 4096)
        _ = fcntl(writing, F_SETFL, O_NONBLOCK)
        let logger = logger(.text, writing)
        let reader = Task.detached {
            var received = Data()
            var buffer = [UInt8](repeating: 0, count: 1_000)
            while case let count = read(reading, &buffer, buffer.count), count > 0 { received += buffer[..<count] }
            return received
        }
        await logFromEightTasks(logger, lines: 20, padding: 3_000)
        close(writing)
        let received = await reader.value
        close(reading)
        expectAll(lines: 20, in: received, .text)
    }

    /// Proves that logging returns where there is nothing to write to: it fails by a crash or by the time limit.
    @Test("A descriptor that is not open neither crashes the program nor blocks it")
    func closed() {
        logger(.text, -1).info("lost")
    }

    @Test("A line that finds no room in time is lost, and the next one arrives whole")
    func fullPipe() {
        var ends: [CInt] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        defer { for end in ends { close(end) } }
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        var filling = [UInt8](repeating: UInt8(ascii: "x"), count: 4096)
        while write(writing, filling, filling.count) > 0 {}
        let logger = logger(.text, writing)
        logger.info("lost")
        while read(reading, &filling, filling.count) > 0 {}
        logger.info("kept")
        let count = max(0, read(reading, &filling, filling.count))
        #expect(String(decoding: filling.prefix(count), as: UTF8.self).hasSuffix("many  kept\n"))
        #expect(read(reading, &filling, filling.count) == -1)
    }

    private func logger(_ format: LogFormat, _ descriptor: CInt) -> Logger {
        Logger(label: "many") { label in
            LineLogHandler(
                label: label,
                format: format,
                levelControl: LogLevelControl(),
                destination: .fileDescriptor(descriptor)
            )
        }
    }

    private func logFromEightTasks(_ logger: Logger, lines: Int, padding: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for line in 0..<lines {
                        let text = String(repeating: "x", count: padding)
                        logger.info("begin \(task).\(line) \(text) end", metadata: ["last": "1"])
                    }
                }
            }
        }
    }

    private func expectAll(lines: Int, in data: Data, _ format: LogFormat) {
        let received = String(decoding: data, as: UTF8.self).split(separator: "\n")
        #expect(received.count == lines * 8)
        #expect(received.allSatisfy { $0.hasSuffix(format == .text ? " end last=1" : #" end","last":"1"}"#) })
        let identities = Set(received.compactMap { $0.split(separator: "begin ").last?.split(separator: " ").first })
        #expect(identities.count == lines * 8)
    }
}

/// Linux's `F_SETPIPE_SZ`, which its header shows to GNU programs only.
private let setPipeSize: CInt = 1031
