using System.Diagnostics;
using System.Text.Json;
using Outdial.Platform.Tests.Http;

namespace Outdial.Platform.Tests.Hosting;

public sealed class VersionTests
{
    [Fact]
    public async Task A_service_and_the_command_line_tell_the_same_version()
    {
        await using var service = await ServiceUnderTest.Start();

        var scrape = await service.Client.GetStringAsync("/metrics");
        var description = JsonDocument.Parse(await service.Client.GetStringAsync("/openapi/v1.json"));
        var command = await CommandLineAsync("--version");

        Assert.Matches(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$", command);
        Assert.Contains($"service_version=\"{command}\"", scrape);
        Assert.Equal(command.Split('+')[0], description.RootElement.GetProperty("info").GetProperty("version").GetString());
    }

    private static async Task<string> CommandLineAsync(string word)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Cli.Commands).Assembly.Location, word]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said.Trim();
    }
}
