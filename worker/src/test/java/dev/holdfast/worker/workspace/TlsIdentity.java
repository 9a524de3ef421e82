package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** A key for 127.0.0.1, made by the JDK's keytool, and a context that shows and trusts it. */
public record TlsIdentity(SSLContext context) {
  private static final String PASSWORD = "changeit";

  public static TlsIdentity create(Path directory) throws IOException, GeneralSecurityException {
    Path store = directory.resolve("identity.p12");
    GitCli.Outcome made =
        GitCli.run(
            directory,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
    if (made.exitCode() != 0) {
      throw new AssertionError(made.output());
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    shown.init(keys, PASSWORD.toCharArray());
    KeyStore known = KeyStore.getInstance("PKCS12");
    known.load(null, null);
    String alias = keys.aliases().nextElement();
    known.setCertificateEntry(alias, keys.getCertificate(alias));
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(known);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
    return new TlsIdentity(context);
  }

  /** Lets this JVM trust it, as if it were in the system's store, until closed. */
  public Trust trust() {
    SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
    HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
    return () -> HttpsURLConnection.setDefaultSSLSocketFactory(before);
  }

  /** Ends when closed. */
  public interface Trust extends AutoCloseable {
    @Override
    void close();
  }
}
