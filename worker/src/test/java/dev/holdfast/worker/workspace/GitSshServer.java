package dev.holdfast.worker.workspace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;

/** An SSH server on the loopback interface which runs git's commands for one known key. */
final class GitSshServer implements AutoCloseable {

  private final SshServer server = SshServer.setUpDefaultServer();
  private final KeyPair hostKey = newKey();
  private final KeyPair userKey = newKey();

  GitSshServer() throws IOException, GeneralSecurityException {
    server.setHost("127.0.0.1");
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPublickeyAuthenticator(
        (user, key, session) -> KeyUtils.compareKeys(key, userKey.getPublic()));
    server.setCommandFactory(ProcessShellCommandFactory.INSTANCE);
    server.start();
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  String url(Path repository) {
    return "ssh://git@127.0.0.1:" + server.getPort() + repository;
  }

  void writeUserKey(Path sshDirectory) throws IOException, GeneralSecurityException {
    Files.createDirectories(sshDirectory);
    try (var out = Files.newOutputStream(sshDirectory.resolve("id_ecdsa"))) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(userKey, "worker", null, out);
    }
  }

  /** The key that this server lets in, as a secret would hold it. */
  String userKey() throws IOException, GeneralSecurityException {
    var out = new ByteArrayOutputStream();
    OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(userKey, "worker", null, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  void letIn(PublicKey key) {
    server.setPublickeyAuthenticator((user, given, session) -> KeyUtils.compareKeys(given, key));
  }

  void writeKnownHost(Path sshDirectory) throws IOException {
    Files.writeString(
        sshDirectory.resolve("known_hosts"),
        "[127.0.0.1]:%d %s%n"
            .formatted(server.getPort(), PublicKeyEntry.toString(hostKey.getPublic())));
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
