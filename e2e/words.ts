export type Language = "en" | "fr";

/**
 * The names people find things by on the screens. They are a contract, so they stand here by themselves: a page that
 * names something otherwise turns a journey red.
 */
export const words = {
  en: {
    setup: {
      title: "Activate your subscription",
      enterKey: "Enter a product key",
      enterNewKey: "Enter a new product key",
      signIn: "Sign in",
      createAccount: "Create an account",
      findKey: "Where is my product key?",
    },
    signIn: { title: "Sign in", email: "Email address", password: "Password", submit: "Sign in" },
    create: {
      title: "Create an account",
      name: "Name",
      email: "Email address",
      password: "Password",
      country: "Country or region",
      submit: "Create an account",
    },
    key: { field: "Product key", submit: "Verify", use: "Use this key" },
    review: {
      title: "Check before you activate",
      submit: "Activate",
      start: "Start now",
      extend: "Extend your subscription",
      switchAccount: "Switch account",
    },
    done: { title: "Your subscription is active", setUp: "Set up a device" },
    device: { title: "Set up your phone or tablet", ios: "iPhone or iPad", android: "Android" },
    subscriptions: {
      title: "My Subscription",
      show: "Show product key",
      hide: "Hide product key",
      copy: "Copy product key",
      copied: "Copied",
    },
    account: {
      title: "My account",
      signOut: "Sign out",
      changeName: "Change name",
      yourName: "Your name",
      name: "Name",
      save: "Save",
      saved: "Saved",
    },
    confirm: { title: "Confirm it is you", submit: "Confirm" },
    findKey: { title: "Where is my product key?" },
    notFound: { title: "This page is not here" },
    changedNothing: "This attempt changed nothing",
    keyNotUsed: "Your key was not used",
    /** How the title of a page with a fault begins. */
    faultTitle: /^Error: /,
    skip: "Skip to content",
  },
  fr: {
    setup: {
      title: "Activez votre abonnement",
      enterKey: "Saisir une clé de produit",
      enterNewKey: "Saisir une nouvelle clé de produit",
      signIn: "Connexion",
      createAccount: "Créer un compte",
      findKey: "Où se trouve ma clé de produit ?",
    },
    signIn: { title: "Connexion", email: "Adresse électronique", password: "Mot de passe", submit: "Connexion" },
    create: {
      title: "Créer un compte",
      name: "Nom",
      email: "Adresse électronique",
      password: "Mot de passe",
      country: "Pays ou région",
      submit: "Créer un compte",
    },
    key: { field: "Clé de produit", submit: "Vérifier", use: "Utiliser cette clé" },
    review: {
      title: "Vérifiez avant d’activer",
      submit: "Activer",
      start: "Commencer maintenant",
      extend: "Prolonger votre abonnement",
      switchAccount: "Changer de compte",
    },
    done: { title: "Votre abonnement est actif", setUp: "Configurer un appareil" },
    device: { title: "Configurez votre téléphone ou votre tablette", ios: "iPhone ou iPad", android: "Android" },
    subscriptions: {
      title: "Mon abonnement",
      show: "Afficher la clé de produit",
      hide: "Masquer la clé de produit",
      copy: "Copier la clé de produit",
      copied: "Copiée",
    },
    account: {
      title: "Mon compte",
      signOut: "Déconnexion",
      changeName: "Modifier le nom",
      yourName: "Votre nom",
      name: "Nom",
      save: "Enregistrer",
      saved: "Enregistré",
    },
    confirm: { title: "Confirmez que c’est bien vous", submit: "Confirmer" },
    findKey: { title: "Où se trouve ma clé de produit ?" },
    notFound: { title: "Cette page n’existe pas" },
    changedNothing: "Cette tentative n’a rien changé",
    keyNotUsed: "Votre clé n’a pas été utilisée",
    faultTitle: /^Erreur\s: /,
    skip: "Aller au contenu",
  },
} as const;

export type Words = (typeof words)[Language];
