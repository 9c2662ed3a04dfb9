using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Gateway.Tests.Forwarding;

public sealed class TlsTests
{
    [Fact]
    public async Task The_gateway_serves_tls_with_the_configured_certificate()
    {
        var folder = TemporaryFolder.Make("tls");
        using var key = RSA.Create(2048);
        var wanted = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        wanted.CertificateExtensions.Add(SubjectAlternativeName());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = wanted.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        await using var fakes = new Fakes();
        var pacer = await fakes.Add("pacer");
        await using var gateway = await GatewayNode.Start(fakes.Settings(
            ("Kestrel:Endpoints:Https:Url", "https://127.0.0.1:0"),
            ("Kestrel:Endpoints:Https:Certificate:Path", Path.Combine(folder, "tls.crt")),
            ("Kestrel:Endpoints:Https:Certificate:KeyPath", Path.Combine(folder, "tls.key"))));
        string? seen = null;
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => (seen = shown?.GetCertHashString()) is not null,
            },
        })
        { BaseAddress = gateway.Http.BaseAddress };
        client.DefaultRequestHeaders.Add("X-Api-Key", GatewayNode.AdminKey);

        using var answer = await client.GetAsync("/api/v1/campaigns");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(certificate.GetCertHashString(), seen);
        Assert.Equal("https", pacer.Last.Headers["X-Forwarded-Proto"]);
        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.False(answer.Headers.Contains("Server"));
        TemporaryFolder.Remove(folder);
    }

    private static X509Extension SubjectAlternativeName()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        return names.Build();
    }
}
