import CHeap
import Glibc
import Testing

@testable import evohome_mqtt

@Suite("Large blocks of memory")
struct LargeBlocksTests {
    @Test("After a larger one was freed, a large block is still mapped on its own")
    func mapping() throws {
        MemoryRelease.keepLargeBlocksApart()
        free(malloc(31 << 20))
        // What other tests have left free would be taken first.
        malloc_trim(0)
        let block = try #require(malloc(30 << 20))
        defer { free(block) }
        // One of the heap is hardly larger than what was asked for; one that is mapped fills its pages but for its header.
        #expect((malloc_usable_size(block) + 2 * MemoryLayout<Int>.size) % Int(getpagesize()) == 0)
    }
}
