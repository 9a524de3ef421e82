package dev.holdfast.worker.redact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskedFileTest {
  @TempDir Path directory;

  @Test
  void holdsBackWhatMayBeginASecretAndNothingElse() throws IOException {
    Mask mask = Mask.of(List.of("hunter22".getBytes(UTF_8)));

    assertThat(settled("nothing here", mask)).isEqualTo(12);
    assertThat(settled("say hunter2", mask)).isEqualTo(4);
    assertThat(settled("say hu", mask)).isEqualTo(4);
    assertThat(settled("say hunter22", mask)).isEqualTo(12);
    assertThat(settled("say hunter2", Mask.NONE)).isEqualTo(11);
    assertThat(settled("say hunter2", Mask.EVERYTHING)).isEqualTo(11);
  }

  private long settled(String content, Mask mask) throws IOException {
    Path file = Files.writeString(directory.resolve("stream"), content);
    try (FileChannel channel = FileChannel.open(file)) {
      return new MaskedFile(channel, mask).settledBytes(Files.size(file));
    }
  }

  /**
   * Whatever the cuts: a stream that is written in pieces and read, piece by piece, as far as it is
   * settled, gives what masking it as a whole gives.
   */
  @Test
  void masksTheSameHoweverTheStreamIsCut() throws IOException {
    var random = new Random(42);
    for (int round = 0; round < 300; round++) {
      List<byte[]> secrets = List.of(letters(random, 4 + random.nextInt(3)), letters(random, 9));
      Mask mask = Mask.of(secrets);
      byte[] stream = stream(random, secrets);
      Path file = directory.resolve("stream-" + round);
      var published = new ByteArrayOutputStream();

      try (FileChannel out =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileChannel in = FileChannel.open(file)) {
        var masked = new MaskedFile(in, mask);
        int written = 0;
        while (written < stream.length) {
          int length = Math.min(stream.length - written, 1 + random.nextInt(7));
          out.write(java.nio.ByteBuffer.wrap(stream, written, length));
          written += length;
          publish(masked, masked.settledBytes(written), published, random);
        }
        publish(masked, written, published, random);
      }

      assertThat(published.toString(UTF_8))
          .as("round %d of %s", round, new String(stream, UTF_8))
          .isEqualTo(new String(mask.bytes(stream), UTF_8));
    }
  }

  private static void publish(
      MaskedFile masked, long until, ByteArrayOutputStream published, Random random)
      throws IOException {
    assertThat(until).isGreaterThanOrEqualTo(published.size());
    while (published.size() < until) {
      long left = until - published.size();
      published.writeBytes(
          masked.read(published.size(), (int) Math.min(left, 1 + random.nextInt(5))));
    }
  }

  private static byte[] letters(Random random, int length) {
    var letters = new byte[length];
    for (int i = 0; i < length; i++) {
      letters[i] = (byte) ('a' + random.nextInt(2));
    }
    return letters;
  }

  private static byte[] stream(Random random, List<byte[]> secrets) {
    var stream = new ByteArrayOutputStream();
    for (int i = 0; i < 12; i++) {
      stream.writeBytes(letters(random, random.nextInt(4)));
      stream.writeBytes("-".repeat(random.nextInt(2)).getBytes(UTF_8));
      byte[] secret = secrets.get(random.nextInt(secrets.size()));
      stream.write(secret, 0, random.nextInt(secret.length + 1));
    }
    return stream.toByteArray();
  }
}
