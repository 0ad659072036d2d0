public import Foundation
import Subprocess
import SystemPackage

/// A wall clock and a disk that a test tampers with, for one process: a library that is loaded before all others.
///
/// Time that elapses is left alone, and so are sockets and standard output.
public struct TamperedSystem: Sendable {
    /// A C compiler on `PATH`; without one there is no such library.
    public static let compiler: String? = {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.flatMap { folder in ["cc", "clang"].map { "\(folder)/\($0)" } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    private let library: URL
    private let control: URL

    /// Compiles the library.
    ///
    /// - Parameter directory: Where it is put, and the file that controls it.
    public init(in directory: URL) async throws {
        library = directory.appending(path: "tampered-system.so")
        control = directory.appending(path: "tampering")
        let source = directory.appending(path: "tampered-system.c")
        try Data(Self.source.utf8).write(to: source)
        try Data(count: 24).write(to: control)
        guard let compiler = Self.compiler else { throw CocoaError(.featureUnsupported) }
        let result = try await Subprocess.run(
            .path(FilePath(compiler)),
            arguments: ["-shared", "-fPIC", "-O1", "-o", library.path(), source.path()],
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        guard result.terminationStatus.isSuccess else {
            throw TCPSocket.Failure(description: "The library does not compile: \(result.standardError)")
        }
    }

    /// What the process needs to be started with.
    public var environment: [String: String] { ["LD_PRELOAD": library.path(), "TAMPERING_FILE": control.path()] }

    /// - Parameter seconds: How much the wall clock differs from the machine's from now on.
    public func setClock(ahead seconds: Int) throws { try set(0, to: seconds) }

    /// - Parameter isFull: Whether files take no more bytes.
    public func setDisk(isFull: Bool) throws { try set(1, to: isFull ? 1 : 0) }

    /// - Parameter duration: How long it takes to sync a file.
    public func setSync(takes duration: Duration) throws {
        try set(2, to: Int(duration / .milliseconds(1)))
    }

    private func set(_ index: Int, to value: Int) throws {
        let file = try FileHandle(forWritingTo: control)
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(index * 8))
        try withUnsafeBytes(of: Int64(value)) { try file.write(contentsOf: Data($0)) }
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <sched.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <sys/uio.h>
        #include <time.h>
        #include <unistd.h>

        static const volatile int64_t nothing[3];
        static const volatile int64_t *tampering = nothing;

        /* As `taskset -c 0` does. */
        static void stay_on_one_core(void) {
            cpu_set_t cores;
            CPU_ZERO(&cores);
            CPU_SET(0, &cores);
            sched_setaffinity(0, sizeof cores, &cores);
        }

        __attribute__((constructor)) static void begin(void) {
            if (getenv("TAMPERING_ONE_CORE")) stay_on_one_core();
            const char *path = getenv("TAMPERING_FILE");
            int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (file < 0) return;
            void *memory = mmap(NULL, 24, PROT_READ, MAP_SHARED, file, 0);
            close(file);
            if (memory != MAP_FAILED) tampering = memory;
        }

        int clock_gettime(clockid_t clock, struct timespec *now) {
            long result = syscall(SYS_clock_gettime, clock, now);
            if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += tampering[0];
            return (int)result;
        }

        int gettimeofday(struct timeval *now, void *zone) {
            struct timespec exact;
            (void)zone;
            int result = clock_gettime(CLOCK_REALTIME, &exact);
            now->tv_sec = exact.tv_sec;
            now->tv_usec = exact.tv_nsec / 1000;
            return result;
        }

        time_t time(time_t *now) {
            struct timespec exact;
            clock_gettime(CLOCK_REALTIME, &exact);
            if (now) *now = exact.tv_sec;
            return exact.tv_sec;
        }

        /* A full disk still takes what the file has room for. */
        static int has_room(int file, off_t end) {
            struct stat kind;
            if (tampering[1] == 0 || file <= 2 || fstat(file, &kind) != 0 || !S_ISREG(kind.st_mode)) return 1;
            if ((end < 0 ? kind.st_size - end : end) <= (off_t)kind.st_blocks * 512) return 1;
            errno = ENOSPC;
            return 0;
        }

        int fallocate(int file, int mode, off_t from, off_t count) {
            return has_room(file, from + count) ? (int)syscall(SYS_fallocate, file, mode, from, count) : -1;
        }

        ssize_t write(int file, const void *bytes, size_t count) {
            return has_room(file, -(off_t)count) ? syscall(SYS_write, file, bytes, count) : -1;
        }

        ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
            return has_room(file, offset + (off_t)count) ? syscall(SYS_pwrite64, file, bytes, count, offset) : -1;
        }

        ssize_t writev(int file, const struct iovec *parts, int count) {
            off_t bytes = 1;
            for (int part = 0; part < count; part++) bytes += (off_t)parts[part].iov_len;
            return has_room(file, -bytes) ? syscall(SYS_writev, file, parts, count) : -1;
        }

        static void wait_for_disk(void) {
            struct timespec pause = {tampering[2] / 1000, tampering[2] % 1000 * 1000000};
            if (tampering[2] > 0) nanosleep(&pause, NULL);
        }

        int fsync(int file) {
            wait_for_disk();
            return (int)syscall(SYS_fsync, file);
        }

        int fdatasync(int file) {
            wait_for_disk();
            return (int)syscall(SYS_fdatasync, file);
        }
        """
}
