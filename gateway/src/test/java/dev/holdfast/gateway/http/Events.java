package dev.holdfast.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client of server-sent events: reads on a thread of its own until the stream ends. */
final class Events implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Event> received = new CopyOnWriteArrayList<>();
  private final InputStream in;
  private final Thread thread;
  private volatile boolean ended;

  private Events(InputStream in) {
    this.in = in;
    this.thread = Thread.ofVirtual().start(this::read);
  }

  /** One event. */
  record Event(@Nullable String id, @Nullable String name, JsonNode data) {}

  static Events follow(Api api, String path, String... headers) {
    HttpResponse<InputStream> response =
        api.exchange(
            api.request(path, headers).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IllegalStateException("status " + response.statusCode());
    }
    return new Events(response.body());
  }

  List<Event> received() {
    return List.copyOf(received);
  }

  boolean ended() {
    return ended;
  }

  private void read() {
    var block = new ArrayList<String>();
    try (var lines = new Scanner(in, StandardCharsets.UTF_8)) {
      while (lines.hasNextLine()) {
        String line = lines.nextLine();
        if (!line.isEmpty()) {
          block.add(line);
          continue;
        }
        String data = field(block, "data");
        if (data != null) {
          received.add(new Event(field(block, "id"), field(block, "event"), JSON.readTree(data)));
        }
        block.clear();
      }
      ended = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable String field(List<String> block, String name) {
    return block.stream()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    try {
      in.close();
      thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
