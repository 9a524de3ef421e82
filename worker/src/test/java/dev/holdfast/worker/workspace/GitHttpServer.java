package dev.holdfast.worker.workspace;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

/** The real {@code git http-backend} behind the JDK's server; {@code /private} asks a password. */
public final class GitHttpServer implements AutoCloseable {

  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger requests = new AtomicInteger();

  GitHttpServer(Path directory) throws IOException {
    this(HttpServer.create(), "http", directory);
  }

  /** The same over TLS. */
  public static GitHttpServer secure(Path directory, TlsIdentity identity) throws IOException {
    HttpsServer server = HttpsServer.create();
    server.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
    return new GitHttpServer(server, "https", directory);
  }

  private GitHttpServer(HttpServer unbound, String scheme, Path directory) throws IOException {
    this.server = unbound;
    this.scheme = scheme;
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/open", exchange -> serve(exchange, "/open", directory));
    server
        .createContext("/private", exchange -> serve(exchange, "/private", directory))
        .setAuthenticator(
            new BasicAuthenticator("git") {
              @Override
              public boolean checkCredentials(String user, String password) {
                return user.equals("me") && password.equals("s@cret");
              }
            });
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  public String url(String userInfo, String path) {
    return scheme + "://" + userInfo + "127.0.0.1:" + server.getAddress().getPort() + path;
  }

  public int requests() {
    return requests.get();
  }

  private void serve(HttpExchange exchange, String prefix, Path directory) throws IOException {
    requests.incrementAndGet();
    ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
    Map<String, String> environment = builder.environment();
    GitCli.isolate(environment);
    environment.put("GIT_PROJECT_ROOT", directory.toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("PATH_INFO", exchange.getRequestURI().getPath().substring(prefix.length()));
    environment.put("QUERY_STRING", String.valueOf(exchange.getRequestURI().getQuery()));
    environment.put("REQUEST_METHOD", exchange.getRequestMethod());
    environment.put(
        "CONTENT_TYPE", String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")));
    String protocol = exchange.getRequestHeaders().getFirst("Git-Protocol");
    if (protocol != null) {
      environment.put("GIT_PROTOCOL", protocol);
    }
    Process backend = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (exchange;
        OutputStream stdin = backend.getOutputStream()) {
      boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      InputStream body = exchange.getRequestBody();
      (zipped ? new GZIPInputStream(body) : body).transferTo(stdin);
      stdin.close();
      answer(exchange, new BufferedInputStream(backend.getInputStream()));
    }
  }

  private static void answer(HttpExchange exchange, InputStream stdout) throws IOException {
    int status = 200;
    for (String line = line(stdout); !line.isEmpty(); line = line(stdout)) {
      String[] header = line.split(": ", 2);
      if (header[0].equals("Status")) {
        status = Integer.parseInt(header[1].substring(0, 3));
      } else {
        exchange.getResponseHeaders().add(header[0], header[1]);
      }
    }
    exchange.sendResponseHeaders(status, 0);
    stdout.transferTo(exchange.getResponseBody());
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
