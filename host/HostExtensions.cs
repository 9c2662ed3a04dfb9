using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Outdial.Host;

internal static class HostExtensions
{
    /// <summary>Opens the data folder and feeds the configuration from it.</summary>
    public static Task<DataFolder> AddDataFolder(this WebApplicationBuilder builder) => DataFolder.OpenAsync(builder.Configuration);

    /// <summary>Says where Outdial is and where its key lies, once it serves.</summary>
    public static void Announce(this WebApplication app, DataFolder folder) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        app.Logger.Serving(string.Join(", ", addresses), folder.Path, folder.Database);
        if (folder.ApiKeyFile is not null)
            app.Logger.AdminKeyFile(folder.ApiKeyFile);
    });
}

internal static partial class Log
{
    [LoggerMessage(EventId = 9001, Level = LogLevel.Information, Message = "Outdial serves {Addresses}. Data folder: {Folder}. PostgreSQL: {Database}.")]
    public static partial void Serving(this ILogger log, string addresses, string folder, string database);

    [LoggerMessage(EventId = 9002, Level = LogLevel.Information, Message = "The admin API key is in {File}; send it as the header X-Api-Key.")]
    public static partial void AdminKeyFile(this ILogger log, string file);
}
