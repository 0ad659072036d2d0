import Basics
import TCCClient
import Testing

@Suite("The end of the cloud's certificate")
struct CertificateWatchTests {
    private let ends = Instant(millisecondsSince1970: 1_795_500_000_000)

    @Test(
        "A warning from 14 days before the end",
        arguments: [
            (15 * 86_400, nil), (14 * 86_400 + 1, nil), (14 * 86_400, "expires at"), (1, "expires at"),
            (0, "has expired at"),
            (-86_400, "has expired at"),
        ]
    )
    func warning(secondsLeft: Int, words: String?) {
        let certificate = CloudCertificate(host: "cloud.example", begins: ends - .seconds(9e6), ends: ends)
        let warning = certificate.warning(at: ends - .seconds(secondsLeft))
        #expect((warning == nil) == (words == nil))
        if let words { #expect(warning?.contains("cloud.example \(words)") == true) }
    }
}
