using Microsoft.AspNetCore.Builder;

namespace Outdial.Testing;

/// <summary>
/// A service as in production, but that it does not watch its files of settings: a machine gives a user a hundred such watches, and the tests of
/// several services at once would use them up.
/// </summary>
public static class Unwatched
{
    public static WebApplicationOptions Options => new()
    {
        EnvironmentName = "Production",
        Args = ["--hostBuilder:reloadConfigOnChange=false"],
    };
}
