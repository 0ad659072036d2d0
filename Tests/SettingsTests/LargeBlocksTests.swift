import CHeap
import Glibc
import Testing

@testable import evohome_mqtt

@Suite("Large blocks of memory")
struct LargeBlocksTests {
    /// In a process of its own: a block that another test has left free would be taken first.
    @Test("After a larger one was freed, a large block is still mapped on its own")
    func mapping() async {
        await #expect(processExitsWith: .success) {
            MemoryRelease.keepLargeBlocksApart()
            free(malloc(31 << 20))
            let block = try #require(malloc(30 << 20))
            // One of the heap is hardly larger than what was asked for; one that is mapped fills its pages but for its
            // header.
            #expect((malloc_usable_size(block) + 2 * MemoryLayout<Int>.size) % Int(getpagesize()) == 0)
        }
    }
}
