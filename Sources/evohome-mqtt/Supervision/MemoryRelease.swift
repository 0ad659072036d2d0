import Basics
import CHeap
import Glibc
import ServiceLifecycle
import SystemPackage

/// Gives back the memory of code that only the start needed, and of what was needed once: soon after the start, then less and
/// less often, down to once an hour.
///
/// Hardly any of the code that a start runs through (arguments, settings, TLS, how Swift finds its types) runs again, but
/// it stays resident until the machine is short of memory: nearly half of all that the program has. The kernel reads it
/// from the program's file again if it is needed after all.
struct MemoryRelease: Service {
    /// In bytes; glibc's own limit at the start of a process.
    private static let largeBlock: Int32 = 128 << 10

    let clock: any WallClock

    func run() async throws {
        // A sleep that is cancelled ends it.
        try? await cancelWhenGracefulShutdown {
            // The start is over, unless the cloud is slow.
            try await clock.sleep(for: .seconds(2))
            Self.releaseHeap()
            Self.releaseCode()
            // The first readings are over, too. Code stays this time: little has come, and it takes a few milliseconds to get
            // back what is needed after all.
            try await clock.sleep(for: .seconds(20))
            Self.releaseHeap()
            var pause = Duration.seconds(40)
            while true {
                try await clock.sleep(for: pause)
                Self.releaseHeap()
                Self.releaseCode()
                pause = min(pause * 8, .seconds(3600))
            }
        }
    }

    /// Has large blocks mapped on their own for good, so that their memory goes back as soon as they are freed.
    ///
    /// By default glibc takes blocks from its heap once one of their size was freed. The state file of an installer's account
    /// makes blocks of many megabytes, which would leave as much between what stays.
    static func keepLargeBlocksApart() {
        mallopt(M_MMAP_THRESHOLD, largeBlock)
    }

    /// What the first readings left free: of a thousand locations that is more than what is in use.
    private static func releaseHeap() {
        malloc_trim(0)
    }

    private static func releaseCode() {
        guard let mappings = try? mappings() else { return }
        for code in mappings.split(separator: UInt8(ascii: "\n")).compactMap(code) {
            madvise(UnsafeMutableRawPointer(bitPattern: code.lowerBound), code.count, MADV_DONTNEED)
        }
    }

    /// All of proc_pid_maps(5), which is read a page at a time. As bytes: as text it takes milliseconds of the event loop.
    private static func mappings() throws -> [UInt8] {
        let file = try FileDescriptor.open("/proc/self/maps", .readOnly)
        return try file.closeAfter {
            var text: [UInt8] = []
            var page = [UInt8](repeating: 0, count: 4096)
            while case let count = try page.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                text += page.prefix(count)
            }
            return text
        }
    }

    /// Where code of a file is mapped, by a line of it; `nil` for all that may have been written to.
    private static func code(of line: ArraySlice<UInt8>) -> Range<UInt>? {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count == 6, fields[1].elementsEqual("r-xp".utf8), fields[5].first == UInt8(ascii: "/") else {
            return nil
        }
        let ends = fields[0].split(separator: UInt8(ascii: "-")).compactMap {
            UInt(String(decoding: $0, as: UTF8.self), radix: 16)
        }
        return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
    }
}
