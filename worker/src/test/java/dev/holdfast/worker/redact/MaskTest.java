package dev.holdfast.worker.redact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MaskTest {
  private static final String CANARY = "s3cr+t/ca n\u00e4ry?";

  private static Mask mask(String... secrets) {
    return Mask.of(Stream.of(secrets).map(secret -> secret.getBytes(UTF_8)).toList());
  }

  private static byte[] canary() {
    return CANARY.getBytes(UTF_8);
  }

  static Stream<String> spellings() {
    return Stream.of(
        CANARY,
        Base64.getEncoder().encodeToString(canary()),
        Base64.getUrlEncoder().withoutPadding().encodeToString(canary()),
        HexFormat.of().formatHex(canary()),
        HexFormat.of().formatHex(canary()).toUpperCase(Locale.ROOT),
        URLEncoder.encode(CANARY, UTF_8),
        URLEncoder.encode(CANARY, UTF_8).replace("+", "%20"));
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void masksEverySpellingAndKeepsTheLength(String spelling) {
    String text = "before " + spelling + " after";

    String masked = mask(CANARY).text(text);

    assertThat(masked.getBytes(UTF_8)).hasSameSizeAs(text.getBytes(UTF_8));
    assertThat(masked).startsWith("before *").endsWith(" after");
    assertThat(masked.substring(7, masked.length() - 6).replace("*", "").replace("=", ""))
        .isEmpty();
  }

  @Test
  void masksASecretInsideALongerBase64Text() {
    for (String user : List.of("", "u", "us", "user:")) {
      String encoded =
          Base64.getEncoder().encodeToString((user + "hunter22" + "\n").getBytes(UTF_8));

      String masked = mask("hunter22").text("Authorization: Basic " + encoded);

      assertThat(masked.chars().filter(c -> c == '*').count())
          .as("of %s in %s", encoded, masked)
          .isGreaterThanOrEqualTo(9);
    }
  }

  @Test
  void masksEachLineOfASecretOfSeveralLines() {
    Mask mask = mask("first line\nsecond line\n}\n");

    assertThat(mask.text("+first line\n+second line\n+}\n"))
        .isEqualTo("+**********\n+***********\n+}\n");
    assertThat(mask.text("first line\nsecond line\n}")).isEqualTo("*".repeat(24));
  }

  @Test
  void leavesTheLineBreakAtTheEndOfASecretAlone() {
    Mask mask = mask("hunter22\n");

    assertThat(mask.text("hunter22\nnext")).isEqualTo("********\nnext");
    assertThat(mask.text(Base64.getEncoder().encodeToString("hunter22\n".getBytes(UTF_8))))
        .isEqualTo("*".repeat(12));
  }

  @Test
  void masksWrappedBase64() {
    String secret = "x7".repeat(200);
    String wrapped = Base64.getMimeEncoder().encodeToString(secret.getBytes(UTF_8));

    String masked = mask(secret).text(wrapped);

    assertThat(masked.replaceAll("[*\r\n=]", "")).isEmpty();
  }

  @Test
  void masksALongSecretWhole() {
    var secret = new StringBuilder();
    for (int i = 0; i < 700; i++) {
      secret.append(i).append('-');
    }

    assertThat(mask(secret.toString()).text("<" + secret + ">"))
        .isEqualTo("<" + "*".repeat(secret.length()) + ">");
  }

  @Test
  void masksOverlappingOccurrences() {
    assertThat(mask("aXaXa").text("-aXaXaXa-")).isEqualTo("-*******-");
    assertThat(mask("abcdef", "cdefgh").text("-abcdefgh-")).isEqualTo("-********-");
  }

  @Test
  void leavesShortSecretsAndOtherTextAlone() {
    assertThat(mask("abc", "").text("abc")).isEqualTo("abc");
    assertThat(mask("hunter22").text("hunter2 and hunter")).isEqualTo("hunter2 and hunter");
    assertThat(Mask.NONE.text("hunter22")).isEqualTo("hunter22");
  }

  @Test
  void masksEverythingButLineBreaksWhenTheSecretsAreGone() {
    assertThat(Mask.EVERYTHING.text("ab\nc")).isEqualTo("**\n*");
  }
}
