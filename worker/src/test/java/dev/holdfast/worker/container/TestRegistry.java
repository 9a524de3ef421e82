package dev.holdfast.worker.container;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A registry with one image, which only one user may fetch. Daemons trust it: it is local. */
final class TestRegistry implements AutoCloseable {
  private static final int TLS_HANDSHAKE = 0x16;
  private static final long HELD_BACK_AT_MOST_S = 30;
  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

  private final ServerSocket server;
  private final String allowed;
  private final byte[] manifest;
  private final Map<String, byte[]> blobs;
  private final int layerBytes;
  private volatile CountDownLatch secondHalf = new CountDownLatch(0);

  TestRegistry(String user, String password) throws IOException {
    // Not one that daemons of tests have already: they would fetch nothing.
    var image = new TestImage("registry");
    byte[] layer = image.compressedLayer();
    this.layerBytes = layer.length;
    this.allowed =
        "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    this.blobs =
        Map.of(
            "sha256:" + TestImage.sha256(image.config),
            image.config,
            "sha256:" + TestImage.sha256(layer),
            layer);
    this.manifest =
        """
        {"schemaVersion":2,"mediaType":"%s",
         "config":{"mediaType":"application/vnd.docker.container.image.v1+json",
                   "size":%d,"digest":"sha256:%s"},
         "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip",
                    "size":%d,"digest":"sha256:%s"}]}
        """
            .formatted(
                MANIFEST,
                image.config.length,
                TestImage.sha256(image.config),
                layer.length,
                TestImage.sha256(layer))
            .getBytes(UTF_8);
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  /** What its image is called. */
  String reference(String tag) {
    return "127.0.0.1:" + server.getLocalPort() + "/private/tools:" + tag;
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException e) {
        return; // it is closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
      in.mark(1);
      if (in.read() == TLS_HANDSHAKE) {
        return; // a daemon tries that first, and then speaks plainly
      }
      in.reset();
      String[] request = in.readLine().split(" ");
      String authorization = "";
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        if (line.toLowerCase(Locale.ROOT).startsWith("authorization: ")) {
          authorization = line.substring("authorization: ".length());
        }
      }
      Answer answer = answer(request[1], authorization);
      var out = client.getOutputStream();
      out.write(answer.head().getBytes(ISO_8859_1));
      if (!request[0].equals("HEAD")) {
        send(answer.body, out);
      }
      out.flush();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void send(byte[] body, OutputStream out) throws IOException {
    if (body.length != layerBytes) {
      out.write(body);
      return;
    }
    int half = body.length / 2;
    out.write(body, 0, half);
    out.flush();
    try {
      if (!secondHalf.await(HELD_BACK_AT_MOST_S, TimeUnit.SECONDS)) {
        throw new IOException("nobody has let the second half of the layer go");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.write(body, half, body.length - half);
  }

  /** The image's layer is sent to its middle, and on only then. */
  void holdBackHalf(CountDownLatch until) {
    secondHalf = until;
  }

  private record Answer(String status, String type, byte[] body) {
    String head() {
      return String.join(
          "\r\n",
          "HTTP/1.1 " + status,
          "WWW-Authenticate: Basic realm=\"private\"",
          "Docker-Content-Digest: sha256:" + TestImage.sha256(body),
          "Content-Type: " + type,
          "Content-Length: " + body.length,
          "Connection: close",
          "",
          "");
    }
  }

  private Answer answer(String path, String authorization) {
    byte[] blob = blobs.get(path.substring(path.lastIndexOf('/') + 1));
    if (!allowed.equals(authorization)) {
      return error("401 Unauthorized", "UNAUTHORIZED", "authentication required");
    }
    if (path.equals("/v2/")) {
      return new Answer("200 OK", "application/json", "{}".getBytes(UTF_8));
    }
    if (path.equals("/v2/private/tools/manifests/1") || path.contains("/manifests/sha256:")) {
      return new Answer("200 OK", MANIFEST, manifest);
    }
    return blob == null
        ? error("404 Not Found", "MANIFEST_UNKNOWN", "manifest unknown")
        : new Answer("200 OK", "application/octet-stream", blob);
  }

  private static Answer error(String status, String code, String message) {
    return new Answer(
        status,
        "application/json",
        "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}"
            .formatted(code, message)
            .getBytes(UTF_8));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
