namespace Outdial.Providers;

/// <summary>Reads what a provider sends back of what we gave along with a request (Exotel: <c>CustomField</c>).</summary>
public interface IEchoReader
{
    /// <summary>The attempt or line that the text was given for; null when it is none of ours, or was changed on the way.</summary>
    /// <param name="account">The account in whose request it comes.</param>
    Guid? Read(string account, string? echo);
}

/// <summary>Of a process that reads no webhooks: believes none.</summary>
public sealed class NoEchoes : IEchoReader
{
    /// <inheritdoc/>
    public Guid? Read(string account, string? echo) => null;
}
